package dev.gatesvr.upstream.service;

/**
 * An upper bound of the highest sequence that a forgotten session had, for any number of sessions
 * in fixed memory. Never too low, so that nobody claims that a request never arrived because its
 * session was forgotten; too high when other sessions fell on the same cells, which more and more
 * do as sessions are forgotten. Not thread-safe.
 *
 * <p>A count-min sketch with the maximum in the place of the sum (Cormode and Muthukrishnan, 2005).
 */
final class ForgottenFloors {
  /** 512 KiB; the session forgotten as the 65,536th falls on two used cells with 3 in 4. */
  static final int CELLS = 1 << 16;

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final long[] highest = new long[CELLS];

  /** The session is forgotten; it had no sequence above this one. */
  void raise(String sessionId, long seq) {
    long hash = hash(sessionId);
    int first = first(hash);
    int second = second(hash);
    highest[first] = Math.max(highest[first], seq);
    highest[second] = Math.max(highest[second], seq);
  }

  /** Above this the session had nothing; 0 when it certainly was never forgotten. */
  long of(String sessionId) {
    long hash = hash(sessionId);
    return Math.min(highest[first(hash)], highest[second(hash)]);
  }

  private static int first(long hash) {
    return (int) hash & CELLS - 1;
  }

  private static int second(long hash) {
    return (int) (hash >>> 32) & CELLS - 1;
  }

  private static long hash(String sessionId) {
    long hash = sessionId.length();
    for (int i = 0; i < sessionId.length(); i++) {
      hash = (hash ^ sessionId.charAt(i)) * MULTIPLIER;
      hash ^= hash >>> 29;
    }
    return hash ^ hash >>> 32;
  }
}
