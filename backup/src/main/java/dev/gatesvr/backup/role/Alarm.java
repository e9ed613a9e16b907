package dev.gatesvr.backup.role;

/** The time, and the earliest later time that was asked about. Not thread-safe. */
final class Alarm {
  private long nowNanos;
  private long earliestNanos;

  Alarm(long nowNanos) {
    this.nowNanos = nowNanos;
    earliestNanos = nowNanos;
  }

  /** A new input comes at this time; everything is asked about anew. */
  void begin(long nowNanos, long latestNanos) {
    this.nowNanos = nowNanos;
    earliestNanos = latestNanos;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** True when the time has come; when not, the alarm rings by then. */
  boolean due(long atNanos) {
    if (nowNanos - atNanos >= 0) {
      return true;
    }
    if (atNanos - earliestNanos < 0) {
      earliestNanos = atNanos;
    }
    return false;
  }

  long earliestNanos() {
    return earliestNanos;
  }
}
