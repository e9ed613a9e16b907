package dev.gatesvr.backup.log;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * Entries that follow one another without a hole.
 *
 * @param firstLsn the number of the first
 * @param entries at least one
 */
public record Batch(long firstLsn, List<ByteString> entries) {
  public Batch {
    entries = List.copyOf(entries);
    if (firstLsn < 1 || entries.isEmpty()) {
      throw new IllegalArgumentException(
          "firstLsn: " + firstLsn + ", entries: " + entries.size() + " (expected: both >= 1)");
    }
  }

  /** The number of the last entry. */
  public long lastLsn() {
    return firstLsn + entries.size() - 1;
  }
}
