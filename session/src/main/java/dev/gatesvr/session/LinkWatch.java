package dev.gatesvr.session;

/** When the attached connection was last heard, last acknowledged and last took something. */
final class LinkWatch {
  private final SessionLimits.Times times;
  private long heardNanos;
  private long ackProgressNanos;
  private boolean blocked;
  private long blockedNanos;

  LinkWatch(SessionLimits.Times times) {
    this.times = times;
  }

  /** Another connection. */
  void restart(long nowNanos) {
    heardNanos = nowNanos;
    ackProgressNanos = nowNanos;
    blocked = false;
  }

  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** Something was acknowledged, or something was sent while nothing awaited it. */
  void ackProgress(long nowNanos) {
    ackProgressNanos = nowNanos;
  }

  /** It took something, or nothing waits for it. */
  void flows() {
    blocked = false;
  }

  /** Something waits that it does not take. */
  void blocks(long nowNanos) {
    if (!blocked) {
      blocked = true;
      blockedNanos = nowNanos;
    }
  }

  /** When it counts as dead: it says nothing at all, or acknowledges nothing. */
  long deadNanos(boolean awaitsAck) {
    long silent = heardNanos + times.silenceNanos();
    return awaitsAck
        ? Math.min(silent, ackProgressNanos + times.ackTimeoutNanos() * times.ackMissesMax())
        : silent;
  }

  /** When it counts as too slow, or {@link Session#NO_DEADLINE}. */
  long slowNanos() {
    return blocked ? blockedNanos + times.slowNanos() : Session.NO_DEADLINE;
  }
}
