package dev.gatesvr.gateway.shard;

/**
 * The heartbeat interval that a session is told: up to a tenth more or less than the configured
 * one, in whole seconds, so that players who came together do not beat together. Pure.
 */
final class HeartbeatPace {
  private static final int SPREAD = 10;

  private HeartbeatPace() {}

  /**
   * The same for the same session, spread evenly over sessions. Below ten seconds a tenth is no
   * whole second, and every session is told the same.
   */
  static int seconds(int intervalSeconds, long sessionNumber) {
    int most = intervalSeconds / SPREAD;
    // Consecutive numbers shall not get consecutive intervals: Fibonacci hashing.
    long mixed = (sessionNumber * 0x9E37_79B9_7F4A_7C15L) >>> 32;
    return intervalSeconds - most + (int) (mixed % (2L * most + 1));
  }
}
