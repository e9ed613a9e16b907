package dev.gatesvr.bench.load;

import java.time.Duration;

/**
 * One run.
 *
 * @param ratePerSecond requests per second of all players together; 0 for the closed loop
 * @param depth requests a player may have unanswered in the closed loop
 * @param warmup at the start, sent but not recorded
 * @param duration recorded, after the warm-up
 */
public record LoadPlan(double ratePerSecond, int depth, Duration warmup, Duration duration) {
  private static final double RATE_MAX = 10_000_000;

  public LoadPlan {
    if (!(ratePerSecond >= 0 && ratePerSecond <= RATE_MAX)) {
      throw new IllegalArgumentException(
          "rate: " + ratePerSecond + " (expected: 0 to " + RATE_MAX + ")");
    }
    if (depth < 1 || depth > Player.OUTSTANDING_MAX) {
      throw new IllegalArgumentException(
          "depth: " + depth + " (expected: 1 to " + Player.OUTSTANDING_MAX + ")");
    }
    if (warmup.isNegative() || duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "warmup and duration: " + warmup + ", " + duration + " (expected: >= 0 and > 0)");
    }
  }

  /** A fixed rate, whatever the server does. */
  public static LoadPlan open(double ratePerSecond, Duration warmup, Duration duration) {
    if (ratePerSecond <= 0) {
      throw new IllegalArgumentException("rate: " + ratePerSecond + " (expected: > 0)");
    }
    return new LoadPlan(ratePerSecond, 1, warmup, duration);
  }

  /** As many as the server answers. */
  public static LoadPlan closed(int depth, Duration warmup, Duration duration) {
    return new LoadPlan(0, depth, warmup, duration);
  }

  /** True when the rate is fixed. */
  public boolean isOpen() {
    return ratePerSecond > 0;
  }
}
