package dev.gatesvr.cmd;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as the predecessor wrote them (Go's form): {@code 200ms}, {@code 5m}, {@code 1m30s}.
 */
public final class Durations {
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");

  private Durations() {}

  /**
   * Reads one duration.
   *
   * @throws IllegalArgumentException naming the value and what was expected
   */
  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = PART.matcher(text);
    double nanos = 0;
    int at = 0;
    while (part.find() && part.start() == at) {
      nanos += Double.parseDouble(part.group(1)) * nanosOf(part.group(2));
      at = part.end();
    }
    if (at != text.length() || at == 0 || nanos > Long.MAX_VALUE / 2.0) {
      throw new IllegalArgumentException(
          '"' + text + "\" (expected: a duration such as 200ms, 30s, 5m or 1h30m)");
    }
    return Duration.ofNanos(Math.round(nanos));
  }

  private static double nanosOf(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1e3;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      default -> 3_600e9;
    };
  }
}
