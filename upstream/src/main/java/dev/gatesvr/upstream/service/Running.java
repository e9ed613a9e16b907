package dev.gatesvr.upstream.service;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request that is admitted and not answered, with everybody who waits for its answer. At most
 * {@link #WAITERS_MAX} wait: the oldest copy is most likely of a connection that is gone.
 *
 * @param <W> who waits for an answer
 */
final class Running<W> implements Slot<W> {
  /** A gateway repeats a request a few times, and each time gives up the copy before. */
  static final int WAITERS_MAX = 8;

  private final @Nullable KeptSession<W> session;
  private final long seq;
  private final ArrayDeque<W> waiters = new ArrayDeque<>(1);

  /**
   * @param session null for a request without a key
   */
  Running(@Nullable KeptSession<W> session, long seq, W first) {
    this.session = session;
    this.seq = seq;
    waiters.add(first);
  }

  @Nullable KeptSession<W> session() {
    return session;
  }

  long seq() {
    return seq;
  }

  /** Adds a waiter; returns the one that must make room, or null. */
  @Nullable W join(W waiter) {
    W displaced = waiters.size() >= WAITERS_MAX ? waiters.poll() : null;
    waiters.add(waiter);
    return displaced;
  }

  boolean all(Predicate<W> property) {
    return waiters.stream().allMatch(property);
  }

  /** Everybody who waits, and nobody from now on. */
  List<W> takeWaiters() {
    List<W> taken = new ArrayList<>(waiters);
    waiters.clear();
    return taken;
  }
}
