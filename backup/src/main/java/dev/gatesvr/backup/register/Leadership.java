package dev.gatesvr.backup.register;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the register holds.
 *
 * @param version counts the changes; 0 before the first
 * @param term the fencing number: rises with every new leader, and never falls
 * @param leader the process that leads, empty before the first
 * @param inSync the processes that hold everything the leader acknowledged, itself among them
 */
public record Leadership(long version, long term, String leader, Set<String> inSync) {
  /** Before anything was written. */
  public static final Leadership NONE = new Leadership(0, 0, "", Set.of());

  public Leadership {
    inSync = Set.copyOf(inSync);
    if (version < 0 || term < 0 || (version == 0) != leader.isEmpty()) {
      throw new IllegalArgumentException(
          "version: " + version + ", term: " + term + ", leader: \"" + leader + "\"");
    }
    if (version > 0 && !inSync.contains(leader)) {
      throw new IllegalArgumentException(
          "inSync: " + inSync + " (expected: the leader " + leader + " among them)");
    }
  }

  /**
   * A first leader.
   *
   * @throws IllegalStateException when there was one
   */
  public Leadership found(String me) {
    require(version == 0, "found", me);
    return new Leadership(1, 1, me, Set.of(me));
  }

  /**
   * {@code me} takes the lead.
   *
   * @throws IllegalStateException when it is not in sync, or leads already
   */
  public Leadership promote(String me) {
    require(mayPromote(me), "promote", me);
    return new Leadership(version + 1, term + 1, me, Set.of(me));
  }

  /** True when the process may take the lead: it holds everything that was acknowledged. */
  public boolean mayPromote(String me) {
    return inSync.contains(me) && !leader.equals(me);
  }

  /**
   * {@code me} takes the lead although it holds nothing, for nobody who held everything can exist
   * any more: the sessions are lost, the terms go on.
   *
   * @param superseded true for an incarnation of which a newer one of the same server is known, and
   *     which therefore has ended
   * @throws IllegalStateException when one that is in sync may still exist, or nobody ever led
   */
  public Leadership refound(String me, Predicate<String> superseded) {
    require(mayRefound(me, superseded), "refound", me);
    return new Leadership(version + 1, term + 1, me, Set.of(me));
  }

  /** True when nobody who holds everything can exist any more. */
  public boolean mayRefound(String me, Predicate<String> superseded) {
    return version > 0
        && inSync.stream().allMatch(held -> !held.equals(me) && superseded.test(held));
  }

  /**
   * The leader goes on without the others.
   *
   * @throws IllegalStateException when {@code me} does not lead, or is alone already
   */
  public Leadership solo(String me) {
    require(leader.equals(me) && inSync.size() > 1, "solo", me);
    return new Leadership(version + 1, term, me, Set.of(me));
  }

  /**
   * The leader takes a process in that holds everything, and whose acknowledgements it waits for.
   *
   * @throws IllegalStateException when {@code me} does not lead, or the other is in sync already
   */
  public Leadership grow(String me, String other) {
    require(leader.equals(me) && !inSync.contains(other), "grow", me);
    Set<String> more = new TreeSet<>(inSync);
    more.add(other);
    return new Leadership(version + 1, term, me, more);
  }

  private void require(boolean holds, String change, String me) {
    if (!holds) {
      throw new IllegalStateException(change + " by " + me + " of " + this);
    }
  }
}
