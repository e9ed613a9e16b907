package dev.gatesvr.gateway.cuts;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions that no message tells of. */
final class Patience {
  private Patience() {}

  /** Returns once the condition holds; fails with what there is instead when it takes too long. */
  static void until(Duration atMost, BooleanSupplier condition, Supplier<String> instead) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new AssertionError("after " + atMost + ": " + instead.get());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
