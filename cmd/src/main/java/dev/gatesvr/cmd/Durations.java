package dev.gatesvr.cmd;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as the predecessor wrote them (Go's form): {@code 200ms}, {@code 5m}, {@code 1m30s}.
 */
public final class Durations {
  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");

  private static final List<String> UNITS = List.of("h", "m", "s", "ms", "us", "ns");

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

  /** Writes a duration that {@link #parse} reads back as the same, such as {@code 1h30m}. */
  public static String format(Duration value) {
    long rest = value.toNanos();
    if (rest == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    for (String unit : UNITS) {
      long size = (long) nanosOf(unit);
      if (rest >= size) {
        text.append(rest / size).append(unit);
        rest %= size;
      }
    }
    return text.toString();
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
