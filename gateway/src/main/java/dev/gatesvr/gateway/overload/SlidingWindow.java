package dev.gatesvr.gateway.overload;

import java.util.concurrent.TimeUnit;

/**
 * Counts events over the last {@code windowNanos}, in a ring of buckets a tenth of a second wide.
 * Time is an argument and may not run backwards by more than a bucket. Thread-safe: callers on
 * every loop share one window, and the critical section is a few instructions.
 */
final class SlidingWindow {
  private static final long BUCKET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final long[] counts;
  private final double windowSeconds;
  private long newestBucket;
  private long sum;

  SlidingWindow(int windowSeconds, long nowNanos) {
    this.counts = new long[windowSeconds * 10];
    this.windowSeconds = windowSeconds;
    this.newestBucket = Math.floorDiv(nowNanos, BUCKET_NANOS);
  }

  /** Counts one event unless the window already holds {@code max}. */
  synchronized boolean tryAdd(long nowNanos, long max) {
    advance(nowNanos);
    if (sum >= max) {
      return false;
    }
    sum++;
    counts[Math.floorMod(newestBucket, counts.length)]++;
    return true;
  }

  /** Events per second, averaged over the window. */
  synchronized double perSecond(long nowNanos) {
    advance(nowNanos);
    return sum / windowSeconds;
  }

  private void advance(long nowNanos) {
    long bucket = Math.floorDiv(nowNanos, BUCKET_NANOS);
    long steps = Math.min(bucket - newestBucket, counts.length);
    for (long i = 1; i <= steps; i++) {
      int index = Math.floorMod(newestBucket + i, counts.length);
      sum -= counts[index];
      counts[index] = 0;
    }
    newestBucket = Math.max(newestBucket, bucket);
  }
}
