package dev.gatesvr.gateway.auth.sealed;

import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The nonces of tokens that were used and have not expired. Never forgets a live one: at its bound
 * it takes no more. Thread-safe by a lock that is held for about a microsecond.
 */
final class NonceCache {
  /** Spreads the work after a quiet time, in which many expired at once. */
  private static final int PURGED_AT_ONCE_MAX = 32;

  /** What became of a nonce. */
  enum Use {
    /** New; remembered now. */
    FIRST,
    /** It was used before. */
    REPLAYED,
    /** It would be due to be forgotten, so nobody knows: after a clock was set back. */
    FORGOTTEN,
    /** As many live ones are remembered as may be; this one is not. */
    FULL
  }

  /** 16 bytes as two numbers. */
  record Nonce(long high, long low) {}

  private record Used(Nonce nonce, long untilMillis) {}

  private final int sizeMax;
  private final Set<Nonce> live = new HashSet<>();
  private final PriorityQueue<Used> byExpiry =
      new PriorityQueue<>(Comparator.comparingLong(Used::untilMillis));

  private long forgottenUntilMillis = Long.MIN_VALUE;

  NonceCache(int sizeMax) {
    this.sizeMax = sizeMax;
  }

  /**
   * Uses a nonce.
   *
   * @param untilMillis first moment at which it may be forgotten, because its token has expired
   */
  synchronized Use use(Nonce nonce, long untilMillis, long nowMillis) {
    for (int i = 0; i < PURGED_AT_ONCE_MAX; i++) {
      Used oldest = byExpiry.peek();
      if (oldest == null || oldest.untilMillis() > nowMillis) {
        break;
      }
      byExpiry.remove();
      live.remove(oldest.nonce());
      forgottenUntilMillis = Math.max(forgottenUntilMillis, oldest.untilMillis());
    }
    if (live.contains(nonce)) {
      return Use.REPLAYED;
    }
    if (untilMillis <= forgottenUntilMillis) {
      return Use.FORGOTTEN;
    }
    if (live.size() >= sizeMax) {
      return Use.FULL;
    }
    live.add(nonce);
    byExpiry.add(new Used(nonce, untilMillis));
    return Use.FIRST;
  }

  synchronized int size() {
    return live.size();
  }
}
