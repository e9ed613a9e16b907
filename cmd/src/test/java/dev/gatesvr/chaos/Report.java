package dev.gatesvr.chaos;

import java.util.List;
import java.util.Locale;

/**
 * What came of one round.
 *
 * @param firstAckMillis from the signal to the first push that a new leader acknowledged; NaN where
 *     the lead did not change
 * @param silenceMillis the longest time in which some player heard nothing, after the signal
 * @param medianMillis the same of the player in the middle
 * @param verdict counts, in words
 */
record Report(
    String scenario,
    long seed,
    double seconds,
    double firstAckMillis,
    double silenceMillis,
    double medianMillis,
    String verdict,
    List<String> notes,
    List<String> mistakes) {
  static final String CSV_HEAD =
      "scenario,seed,seconds,first_ack_ms,longest_silence_ms,median_silence_ms,mistakes,verdict";

  boolean good() {
    return mistakes.isEmpty();
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%s,%d,%.1f,%s,%.0f,%.0f,%d,\"%s\"",
        scenario,
        seed,
        seconds,
        millis(firstAckMillis, ""),
        silenceMillis,
        medianMillis,
        mistakes.size(),
        verdict);
  }

  /** One line for people. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%-34s seed %-6d %s %5.1f s  first ack %6s ms  silence %5.0f ms (median %4.0f)  %s%s",
        scenario,
        seed,
        good() ? "good" : "BAD ",
        seconds,
        millis(firstAckMillis, "-"),
        silenceMillis,
        medianMillis,
        verdict,
        notes.isEmpty() ? "" : "  " + notes);
  }

  private static String millis(double value, String otherwise) {
    return Double.isNaN(value) ? otherwise : String.format(Locale.ROOT, "%.1f", value);
  }
}
