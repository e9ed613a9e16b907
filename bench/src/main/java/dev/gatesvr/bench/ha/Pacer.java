package dev.gatesvr.bench.ha;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Does something at a fixed rate on a thread of its own, each time with the moment that was planned
 * for it. One that falls behind catches up, but for no more than {@link #BEHIND_NANOS_MAX}.
 */
final class Pacer {
  private static final long BEHIND_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
  private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final long intervalNanos;
  private final Work work;
  private final Thread thread;
  private volatile boolean running = true;

  /** What is done. */
  interface Work {
    /**
     * @param turn 0, 1, 2 and so on
     */
    void at(long turn, long plannedNanos);
  }

  /** Begins. */
  Pacer(String name, long intervalNanos, Work work) {
    this.intervalNanos = intervalNanos;
    this.work = work;
    this.thread = Thread.ofPlatform().daemon().name("bench-" + name).start(this::run);
  }

  private void run() {
    long plannedNanos = System.nanoTime();
    long turn = 0;
    while (running) {
      long nowNanos = System.nanoTime();
      if (nowNanos < plannedNanos) {
        LockSupport.parkNanos(Math.min(NAP_NANOS, plannedNanos - nowNanos));
      } else {
        work.at(turn, plannedNanos);
        turn++;
        plannedNanos = Math.max(plannedNanos + intervalNanos, nowNanos - BEHIND_NANOS_MAX);
      }
    }
  }

  /** Ends, after what is being done. */
  void end() throws InterruptedException {
    running = false;
    thread.join();
  }
}
