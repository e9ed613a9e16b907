package dev.gatesvr.backup.role.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One log and its outputs. An entry is a number; its output is the acknowledgement of it. */
final class Shard {
  private static final int HELD_MAX = 100;

  private enum Gate {
    HELD,
    AWAITING,
    OPEN
  }

  private record Held(int lsn, long id, long sinceNanos) {}

  private final PairWorld world;
  private final Proc proc;
  private final Deque<Held> held = new ArrayDeque<>();
  private final Set<Long> entries = new LinkedHashSet<>();
  private Gate gate = Gate.HELD;
  private boolean frozen;
  private int ackedLsn;

  Shard(PairWorld world, Proc proc) {
    this.world = world;
    this.proc = proc;
  }

  List<Long> entries() {
    return List.copyOf(entries);
  }

  boolean holds(long id) {
    return entries.contains(id);
  }

  int lastLsn() {
    return entries.size();
  }

  /** What a follower is given, or an empty memory. */
  void replace(List<Long> content) {
    entries.clear();
    entries.addAll(content);
  }

  void apply(int lsn, long id) {
    world.truth.check(
        lsn == entries.size() + 1,
        proc.incarnation + " gets lsn " + lsn + " after " + entries.size());
    entries.add(id);
  }

  boolean takes() {
    return !frozen && held.size() < HELD_MAX;
  }

  void append(long id) {
    entries.add(id);
    held.add(new Held(entries.size(), id, world.time.nowNanos()));
    release();
  }

  void hold() {
    gate = Gate.HELD;
  }

  void await() {
    gate = Gate.AWAITING;
    release();
  }

  /** The snapshot of an admission ended. */
  void awaitUnlessHeld() {
    if (gate == Gate.OPEN) {
      gate = Gate.AWAITING;
    }
  }

  void open() {
    gate = Gate.OPEN;
    release();
  }

  void begin() {
    gate = Gate.HELD;
    held.clear();
    ackedLsn = 0;
    frozen = false;
  }

  void stop() {
    begin();
    entries.clear();
  }

  void freeze(boolean wanted) {
    frozen = wanted;
  }

  void forgetAcks() {
    ackedLsn = 0;
  }

  void acked(int lsn) {
    ackedLsn = Math.max(ackedLsn, lsn);
    release();
  }

  boolean flushed() {
    return frozen && held.isEmpty();
  }

  /** How long the oldest output has waited. */
  long waitedNanos() {
    Held first = held.peek();
    return first == null ? 0 : world.time.nowNanos() - first.sinceNanos;
  }

  private void release() {
    while (!held.isEmpty()) {
      Held first = held.element();
      boolean free = gate == Gate.OPEN || (gate == Gate.AWAITING && first.lsn <= ackedLsn);
      if (!free) {
        return;
      }
      held.remove();
      world.truth.acknowledged(proc, first.id, gate == Gate.OPEN);
    }
  }
}
