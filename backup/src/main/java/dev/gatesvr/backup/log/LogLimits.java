package dev.gatesvr.backup.log;

/**
 * Bounds of one {@link ReplicationLog}. Bytes count an entry's own and {@link
 * ReplicationLog#ENTRY_OVERHEAD_BYTES} for each.
 *
 * @param entryBytesMax one entry; the largest is a whole session, and a batch with it alone must
 *     fit into a frame of the link
 * @param entriesMax entries kept until the log is {@link ReplicationLog#full full}
 * @param bytesMax their bytes
 * @param batchEntriesMax entries of one batch
 * @param batchBytesMax their bytes; a larger entry travels alone
 * @param windowBytesMax bytes sent and not acknowledged, so that a slow follower does not fill the
 *     buffers between; a larger entry is sent when nothing else is under way
 */
public record LogLimits(
    int entryBytesMax,
    int entriesMax,
    long bytesMax,
    int batchEntriesMax,
    int batchBytesMax,
    long windowBytesMax) {
  /** Above so many times {@code entriesMax} or {@code bytesMax} nothing is appended. */
  public static final int HARD_FACTOR = 2;

  private static final int ENTRIES_CEILING = 1 << 26;

  public LogLimits {
    range("entryBytesMax", entryBytesMax, 1, 1 << 30);
    range("entriesMax", entriesMax, 1, ENTRIES_CEILING);
    range("bytesMax", bytesMax, 1, 1L << 40);
    range("batchEntriesMax", batchEntriesMax, 1, entriesMax);
    range("batchBytesMax", batchBytesMax, 1, Math.min(windowBytesMax, Integer.MAX_VALUE));
    range("windowBytesMax", windowBytesMax, 1, bytesMax);
  }

  private static void range(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  long hardEntries() {
    return (long) HARD_FACTOR * entriesMax;
  }

  long hardBytes() {
    return HARD_FACTOR * bytesMax;
  }
}
