package dev.gatesvr.gateway.shard;

import java.util.concurrent.TimeUnit;

/**
 * Round trips from heartbeats that carry the gateway's own clock back (proto/README.md). Pure; 0
 * stands for "not measured", and a measured one is at least a microsecond. A client can lie about
 * how long it held the clock: nothing but numbers for people may depend on this.
 */
final class RoundTrip {
  /** Longer is a clock of another gateway, or no round trip. */
  static final long MAX_MICROS = TimeUnit.SECONDS.toMicros(60);

  /** New samples count an eighth, as in TCP (RFC 6298). */
  private static final int GAIN = 8;

  private RoundTrip() {}

  /**
   * One round trip.
   *
   * @param nowMicros the gateway's clock
   * @param echoMicros what that clock said when the answer left that the client saw; 0 for none
   * @param heldMicros how long the client kept it
   * @return 0 when nothing is known, or what is said makes no sense
   */
  static long sampleMicros(long nowMicros, long echoMicros, long heldMicros) {
    if (echoMicros <= 0 || heldMicros < 0 || echoMicros > nowMicros) {
      return 0;
    }
    long away = nowMicros - echoMicros;
    long trip = away - heldMicros;
    return heldMicros > away || trip > MAX_MICROS ? 0 : Math.max(1, trip);
  }

  /** The smoothed round trip after one more sample; both in microseconds, 0 for none. */
  static int smoothed(int beforeMicros, long sampleMicros) {
    if (sampleMicros == 0) {
      return beforeMicros;
    }
    return beforeMicros == 0
        ? (int) sampleMicros
        : (int) Math.max(1, beforeMicros + (sampleMicros - beforeMicros) / GAIN);
  }
}
