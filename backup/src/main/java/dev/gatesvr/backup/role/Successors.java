package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Leadership;
import java.util.Set;
import java.util.TreeSet;

/**
 * What may follow a leadership. Versions count on from what the register said last, which is older
 * than what is known when most witnesses lost their disks, or when there is no arbiter.
 */
final class Successors {
  private Successors() {}

  /**
   * True when {@code one} stands after {@code other}. Of one term with two leaders, which only a
   * pair without an arbiter can have, the lower name stands.
   */
  static boolean newer(Leadership one, Leadership other) {
    if (one.term() != other.term()) {
      return one.term() > other.term();
    }
    if (!one.leader().equals(other.leader())) {
      return one.leader().compareTo(other.leader()) < 0;
    }
    return one.version() > other.version();
  }

  /** A new term: found, promote and refound alike, and a leader's own term that is raised. */
  static Leadership lead(Leadership known, Leadership standing, long fencedTerm, String me) {
    long term = Math.max(known.term(), fencedTerm) + 1;
    return new Leadership(version(known, standing), term, me, Set.of(me));
  }

  /** The leader alone; also once more, so that an older change can no longer happen. */
  static Leadership solo(Leadership known, Leadership standing, String me) {
    return new Leadership(version(known, standing), known.term(), me, Set.of(me));
  }

  /** The leader and its follower. */
  static Leadership grow(Leadership known, Leadership standing, String follower) {
    Set<String> both = new TreeSet<>(known.inSync());
    both.add(follower);
    return new Leadership(version(known, standing), known.term(), known.leader(), both);
  }

  /** The same once more, so that an older change can no longer happen. */
  static Leadership again(Leadership known, Leadership standing) {
    return new Leadership(version(known, standing), known.term(), known.leader(), known.inSync());
  }

  private static long version(Leadership known, Leadership standing) {
    return Math.max(known.version(), standing.version()) + 1;
  }
}
