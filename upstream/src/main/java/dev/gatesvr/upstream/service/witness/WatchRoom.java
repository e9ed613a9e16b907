package dev.gatesvr.upstream.service.witness;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Everybody who watches, and what this witness sees of them. Thread-safe: one lock, held for a few
 * microseconds. Time is an argument.
 */
final class WatchRoom {
  /** How often silence is looked for while nobody watches. */
  private static final long IDLE_NANOS = 100_000_000;

  /** And at most. */
  private static final long SHORTEST_NANOS = 2_000_000;

  /** How many looks fall into the shortest silence that a watcher named. */
  private static final int LOOKS_PER_SILENCE = 16;

  private final long witnessId;
  private final Map<String, PairRoom> pairs = new HashMap<>();
  private final Map<Watcher, PairRoom> watchers = new HashMap<>();
  private long dueNanos;

  WatchRoom(long witnessId, Map<String, Vote> votes, long nowNanos) {
    this.witnessId = witnessId;
    this.dueNanos = nowNanos;
    votes.forEach((pair, vote) -> pairs.put(pair, new PairRoom(witnessId, vote)));
  }

  /** A stream begins; false when there are too many. */
  synchronized boolean arrive(String pair, Watcher watcher, long number, long nowNanos) {
    boolean known = pairs.containsKey(pair);
    if (watchers.size() >= WitnessLimits.WATCHES_MAX
        || (!known && pairs.size() >= WitnessLimits.PAIRS_MAX)) {
      return false;
    }
    PairRoom room = room(pair);
    watchers.put(watcher, room);
    room.arrive(watcher, number, nowNanos);
    return true;
  }

  synchronized void beat(Watcher watcher, long number, long nowNanos) {
    PairRoom room = watchers.get(watcher);
    if (room != null) {
      room.beat(watcher, number, nowNanos);
    }
  }

  synchronized void leave(Watcher watcher, long nowNanos) {
    PairRoom room = watchers.remove(watcher);
    if (room != null) {
      room.leave(watcher, nowNanos);
    }
  }

  synchronized void accepted(String pair, Vote vote) {
    room(pair).accepted(vote);
  }

  /** Looks who is silent; returns in how many nanoseconds to look again. */
  synchronized long look(long nowNanos) {
    long nanos = nextLook();
    long lateNanos = nowNanos - dueNanos;
    if (lateNanos > nanos) {
      pairs.values().forEach(pair -> pair.forgive(lateNanos));
    }
    Set<PairRoom> watched = new HashSet<>(watchers.values());
    watched.forEach(pair -> pair.look(nowNanos));
    dueNanos = nowNanos + nanos;
    return nanos;
  }

  private long nextLook() {
    long shortest =
        watchers.keySet().stream().mapToLong(watcher -> watcher.silenceNanos).min().orElse(0);
    return shortest == 0
        ? IDLE_NANOS
        : Math.clamp(shortest / LOOKS_PER_SILENCE, SHORTEST_NANOS, IDLE_NANOS);
  }

  private PairRoom room(String pair) {
    return pairs.computeIfAbsent(pair, name -> new PairRoom(witnessId, Vote.EMPTY));
  }
}
