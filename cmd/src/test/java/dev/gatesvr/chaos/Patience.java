package dev.gatesvr.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits, with a bound, for what no message tells of. */
final class Patience {
  private Patience() {}

  /** Returns once the condition holds; fails with what there is instead when it takes too long. */
  static void until(Duration atMost, BooleanSupplier condition, Supplier<String> instead) {
    if (!holds(atMost, condition)) {
      throw new ChaosException("after " + atMost.toMillis() + " ms: " + instead.get());
    }
  }

  /** True once the condition holds, false when it does not in time. */
  static boolean holds(Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      pause(5);
    }
    return true;
  }

  /** Lets time pass: part of a scenario's plan, or between two looks. */
  static void pause(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
