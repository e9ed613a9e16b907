package dev.gatesvr.arch.bad.session;

/** Breaks: time is an argument. */
final class ReadsTheClock {
  long nowNanos() {
    return System.nanoTime();
  }
}
