package dev.gatesvr.cmd.demo.pair;

import java.util.BitSet;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a zone knows of one player: which numbers it pushed, what became of each, and which requests
 * ran. Immutable.
 *
 * @param pushed how many pushes were issued; they are numbered from 1
 * @param acknowledged the numbers that a gateway took
 * @param unknown the numbers that a gateway may have taken
 * @param ran the numbers of the requests that ran at least once
 * @param ranAgain how often one ran that had run before
 */
record Ledger(int pushed, BitSet acknowledged, BitSet unknown, BitSet ran, int ranAgain) {
  private static final int FIELDS = 5;

  Ledger {
    acknowledged = (BitSet) acknowledged.clone();
    unknown = (BitSet) unknown.clone();
    ran = (BitSet) ran.clone();
  }

  /** As one line; {@link #parse} reads it. */
  String text() {
    return "pushed=%d acknowledged=%s unknown=%s ran=%s ranAgain=%d"
        .formatted(pushed, ranges(acknowledged), ranges(unknown), ranges(ran), ranAgain);
  }

  /**
   * Reads {@link #text}.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static Ledger parse(String text) {
    try {
      Map<String, String> fields =
          Stream.of(text.split(" "))
              .map(field -> field.split("=", 2))
              .collect(Collectors.toMap(field -> field[0], field -> field[1]));
      if (fields.size() != FIELDS) {
        throw new IllegalArgumentException(fields.keySet().toString());
      }
      return new Ledger(
          Integer.parseInt(field(fields, "pushed")),
          bits(field(fields, "acknowledged")),
          bits(field(fields, "unknown")),
          bits(field(fields, "ran")),
          Integer.parseInt(field(fields, "ranAgain")));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: a zone's ledger)", e);
    }
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  /** {@code 1-5,7}; empty for none. */
  private static String ranges(BitSet bits) {
    StringBuilder text = new StringBuilder();
    int first = bits.nextSetBit(0);
    while (first >= 0) {
      int end = bits.nextClearBit(first);
      text.append(text.isEmpty() ? "" : ",").append(first);
      if (end - 1 > first) {
        text.append('-').append(end - 1);
      }
      first = bits.nextSetBit(end);
    }
    return text.toString();
  }

  private static BitSet bits(String ranges) {
    BitSet bits = new BitSet();
    if (!ranges.isEmpty()) {
      for (String range : ranges.split(",")) {
        String[] ends = range.split("-");
        int first = Integer.parseInt(ends[0]);
        bits.set(first, Integer.parseInt(ends[ends.length - 1]) + 1);
      }
    }
    return bits;
  }
}
