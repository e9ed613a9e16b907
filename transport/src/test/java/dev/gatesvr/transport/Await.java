package dev.gatesvr.transport;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a condition with a deadline. */
public final class Await {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final long POLL_NANOS = Duration.ofMillis(2).toNanos();

  private Await() {}

  /** Returns when the condition holds; fails naming it after ten seconds. */
  public static void until(String condition, BooleanSupplier holds) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("after " + DEADLINE + " still not: " + condition);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
