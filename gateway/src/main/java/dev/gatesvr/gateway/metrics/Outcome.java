package dev.gatesvr.gateway.metrics;

import dev.gatesvr.proto.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What became of a request, as few classes as an operator tells apart. */
public enum Outcome {
  /** 0 or 2xx. */
  OK,
  /** 4xx other than 429: the player asked for something wrong, as the upstream sees it. */
  REJECTED,
  /** 429. */
  RATE_LIMITED,
  /** 503: overload, no upstream for the zone, or stopping. */
  UNAVAILABLE,
  /** 504. */
  DEADLINE,
  /** Everything else. */
  FAILED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The class of a response or error code (PROTOCOL.md §2). */
  public static Outcome of(int code) {
    if (code == 0 || (code >= 200 && code < 300)) {
      return OK;
    }
    return switch (code) {
      case ErrorCode.RATE_LIMITED -> RATE_LIMITED;
      case ErrorCode.UNAVAILABLE -> UNAVAILABLE;
      case ErrorCode.UPSTREAM_DEADLINE -> DEADLINE;
      default -> code >= 400 && code < 500 ? REJECTED : FAILED;
    };
  }

  /** Its value in Prometheus. */
  public String label() {
    return label;
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(Outcome::label).toList();
  }
}
