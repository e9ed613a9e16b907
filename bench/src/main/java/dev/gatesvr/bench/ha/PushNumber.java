package dev.gatesvr.bench.ha;

/**
 * What a push of the bench carries as its text.
 *
 * @param number 1, 2, 3 and so on for each player
 * @param plannedNanos {@link System#nanoTime} when it should have left
 */
record PushNumber(int number, long plannedNanos) {
  static PushNumber parse(String text) {
    int bar = text.indexOf('|');
    int end = text.indexOf('|', bar + 1);
    return new PushNumber(
        Integer.parseInt(text.substring(0, bar)),
        Long.parseLong(text.substring(bar + 1, end < 0 ? text.length() : end)));
  }

  /**
   * The text.
   *
   * @param padding follows, so that it is as long as a real one
   */
  String text(String padding) {
    return number + "|" + plannedNanos + (padding.isEmpty() ? "" : "|" + padding);
  }
}
