package dev.gatesvr.upstream.service;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Delays between attempts: doubling from a first one to a longest one, each shortened by up to half
 * at random, so that many services do not come back in step. Not thread-safe.
 */
final class Backoff {
  private final long firstNanos;
  private final long maxNanos;
  private final Supplier<? extends RandomGenerator> random;
  private long currentNanos;

  Backoff(long firstNanos, long maxNanos, Supplier<? extends RandomGenerator> random) {
    if (firstNanos < 2 || maxNanos < firstNanos) {
      throw new IllegalArgumentException(
          "first " + firstNanos + ", max " + maxNanos + " (expected: 2 <= first <= max)");
    }
    this.firstNanos = firstNanos;
    this.maxNanos = maxNanos;
    this.random = random;
    this.currentNanos = firstNanos;
  }

  /** The delay before the next attempt. */
  long nextNanos() {
    long delay = currentNanos;
    currentNanos = Math.min(maxNanos, 2 * delay);
    return delay - random.get().nextLong(delay / 2);
  }

  /** The last attempt succeeded. */
  void reset() {
    currentNanos = firstNanos;
  }
}
