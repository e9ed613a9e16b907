package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Leadership;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What really happened, and what must never. */
final class Truth {
  private static final int TRACE_MAX = 200;

  private final PairWorld world;
  private final Deque<String> trace = new ArrayDeque<>();
  private final Map<Long, String> served = new HashMap<>();
  private final Set<Leadership> history = new HashSet<>();
  private final Set<Long> acknowledged = new HashSet<>();
  private Leadership last = Leadership.NONE;
  private long acks;
  private long promotions;
  private long losses;
  private long lossTerm;

  Truth(PairWorld world) {
    this.world = world;
  }

  /** Remembers something for the message of a failure. */
  void note(String who, Object what) {
    trace.addLast(world.time.nowNanos() / 1000 + " us " + who + " " + what);
    if (trace.size() > TRACE_MAX) {
      trace.removeFirst();
    }
  }

  void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what + "\n" + String.join("\n", trace));
    }
  }

  /** The register's majority took this. */
  void chosen(Leadership value) {
    if (value.equals(last) || value.version() == 0) {
      return;
    }
    note("register", value);
    check(value.version() > last.version(), "versions fell from " + last + " to " + value);
    check(value.term() >= last.term(), "terms fell from " + last + " to " + value);
    if (value.term() == last.term()) {
      check(value.leader().equals(last.leader()), "two leaders of one term: " + last + value);
    } else if (last.version() > 0) {
      succeeded(value);
    }
    last = value;
    history.add(value);
  }

  private void succeeded(Leadership value) {
    promotions++;
    if (!last.inSync().contains(value.leader())) {
      check(
          last.inSync().stream().noneMatch(world::lives),
          value + " was not in sync, and " + last + " may live");
      losses++;
      lossTerm = value.term();
      acknowledged.clear();
    }
  }

  /** A process begins to serve, with what it holds. */
  void serves(Proc proc, Leadership leadership) {
    check(
        world.bare() || history.contains(leadership),
        proc.incarnation + " serves for " + leadership);
    check(leadership.leader().equals(proc.incarnation), "serves for another: " + leadership);
    String before = served.putIfAbsent(leadership.term(), proc.incarnation);
    check(
        before == null || before.equals(proc.incarnation),
        before + " and " + proc.incarnation + " serve in term " + leadership.term());
    Set<Long> missing = new HashSet<>(acknowledged);
    proc.shards.forEach(shard -> missing.removeAll(shard.entries()));
    check(
        missing.isEmpty() || (world.bare() ? world.parted() : !last.equals(leadership)),
        proc.incarnation + " leads in " + leadership + " without " + missing);
  }

  /** An output left. */
  void acknowledged(Proc proc, long id, boolean alone) {
    if (proc.machine.status().leadership().term() < lossTerm) {
      // A leader from before everything was lost: an upstream takes it for an unknown outcome.
      return;
    }
    acks++;
    if (world.bare()) {
      acknowledged.add(id);
      return;
    }
    if (alone) {
      check(
          last.inSync().equals(Set.of(proc.incarnation)),
          proc.incarnation + " acknowledged " + id + " alone, the register holds " + last);
      check(!world.strict, proc.incarnation + " is strict and acknowledged " + id + " alone");
    }
    for (Proc other : world.processes()) {
      check(
          !last.inSync().contains(other.incarnation) || other.holds(id),
          proc.incarnation + " acknowledged " + id + ", " + other.incarnation + " lacks it");
    }
    acknowledged.add(id);
  }

  Leadership last() {
    return last;
  }

  /** Outputs that left. */
  long acks() {
    return acks;
  }

  /** Leaders after the first. */
  long promotions() {
    return promotions;
  }

  /** Leaders who began anew, because nobody held anything any more. */
  long losses() {
    return losses;
  }
}
