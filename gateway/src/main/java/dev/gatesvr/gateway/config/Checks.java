package dev.gatesvr.gateway.config;

import java.time.Duration;

/** The range checks that the records share; each throws a {@link ConfigException} or returns. */
final class Checks {
  private Checks() {}

  static void range(String key, long value, long min, long max) {
    if (value < min || value > max) {
      throw ConfigException.of(key, value, min + " to " + max);
    }
  }

  static void range(String key, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw ConfigException.of(key, text(value), text(min) + " to " + text(max));
    }
  }

  static void address(String key, String value) {
    int colon = value.lastIndexOf(':');
    String port = colon < 0 ? "" : value.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      throw ConfigException.of(key, '"' + value + '"', "host:port or :port, such as :8453");
    }
  }

  static void notBlank(String key, String value) {
    if (value.isBlank()) {
      throw ConfigException.of(key, "\"\"", "a value");
    }
  }

  /** A duration as the configuration writes it: the largest unit that divides it. */
  static String text(Duration value) {
    long micros = value.toNanos() / 1_000;
    if (micros % 1_000 != 0) {
      return micros + "us";
    }
    long millis = value.toMillis();
    if (millis % 3_600_000 == 0 && millis > 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0 && millis > 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }
}
