package dev.gatesvr.gateway;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one log line of an event class through per second and counts the rest, so that a flood of
 * bad input cannot become a flood of logs. Thread-safe.
 */
public final class LogLimiter {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong nextNanos;
  private final AtomicLong suppressed = new AtomicLong();

  public LogLimiter(long nowNanos) {
    this.nextNanos = new AtomicLong(nowNanos);
  }

  /** True when the caller may write its line now. */
  public boolean allow(long nowNanos) {
    long next = nextNanos.get();
    if (nowNanos - next >= 0 && nextNanos.compareAndSet(next, nowNanos + PERIOD_NANOS)) {
      return true;
    }
    suppressed.incrementAndGet();
    return false;
  }

  /** Lines suppressed since the last call, for the line that is let through. */
  public long takeSuppressed() {
    return suppressed.getAndSet(0);
  }
}
