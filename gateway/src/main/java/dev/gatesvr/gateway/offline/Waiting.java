package dev.gatesvr.gateway.offline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * What waits for one player, oldest first, which is also the order of expiry. Not thread-safe;
 * guarded by its stripe's lock.
 */
final class Waiting {
  private final ArrayDeque<StoredPush> queue = new ArrayDeque<>(4);
  private long bytes;

  int messages() {
    return queue.size();
  }

  long bytes() {
    return bytes;
  }

  void add(StoredPush push) {
    queue.addLast(push);
    bytes += push.bytes();
  }

  /** Puts messages back in front, in their order. */
  void addFirst(List<StoredPush> pushes) {
    for (StoredPush push : pushes.reversed()) {
      queue.addFirst(push);
      bytes += push.bytes();
    }
  }

  /** Everything, in order; nothing is left. */
  List<StoredPush> takeAll() {
    List<StoredPush> all = List.copyOf(queue);
    queue.clear();
    bytes = 0;
    return all;
  }

  /** Removes what is older than its time; returns how many. */
  int expire(long nowNanos) {
    int expired = 0;
    StoredPush oldest = queue.peekFirst();
    while (oldest != null && oldest.expired(nowNanos)) {
      queue.removeFirst();
      bytes -= oldest.bytes();
      expired++;
      oldest = queue.peekFirst();
    }
    return expired;
  }

  /** Removes exactly these objects, wherever they stand. */
  void removeAll(List<StoredPush> victims) {
    if (victims.isEmpty()) {
      return;
    }
    Set<StoredPush> same = Collections.newSetFromMap(new IdentityHashMap<>());
    same.addAll(victims);
    queue.removeIf(same::contains);
    victims.forEach(victim -> bytes -= victim.bytes());
  }

  /** The ones that {@code newer} stands for. */
  List<StoredPush> replacedBy(StoredPush newer) {
    List<StoredPush> replaced = new ArrayList<>(1);
    for (StoredPush older : queue) {
      if (newer.replaces(older)) {
        replaced.add(older);
      }
    }
    return replaced;
  }

  /**
   * The fewest oldest droppable messages that free this much, or all of them if even that is less.
   */
  List<StoredPush> droppable(int messagesNeeded, long bytesNeeded) {
    List<StoredPush> chosen = new ArrayList<>();
    long freed = 0;
    Iterator<StoredPush> oldestFirst = queue.iterator();
    while (oldestFirst.hasNext() && (chosen.size() < messagesNeeded || freed < bytesNeeded)) {
      StoredPush push = oldestFirst.next();
      if (push.droppable()) {
        chosen.add(push);
        freed += push.bytes();
      }
    }
    return chosen;
  }
}
