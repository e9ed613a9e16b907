package dev.gatesvr.bench.ha;

/** The longest time in which nothing was heard. Thread-safe. */
final class Silence {
  private long newestNanos;
  private long longestNanos;
  private boolean watching;

  /** Begins to watch, now. */
  synchronized void watch(long nowNanos) {
    newestNanos = nowNanos;
    longestNanos = 0;
    watching = true;
  }

  /** Something was heard. */
  synchronized void heard(long nowNanos) {
    if (watching) {
      longestNanos = Math.max(longestNanos, nowNanos - newestNanos);
    }
    newestNanos = nowNanos;
  }

  /** When something was heard last. */
  synchronized long newestNanos() {
    return newestNanos;
  }

  /** The longest since it is watched, one that still lasts included; ends the watch. */
  synchronized long endNanos(long nowNanos) {
    watching = false;
    return Math.max(longestNanos, nowNanos - newestNanos);
  }
}
