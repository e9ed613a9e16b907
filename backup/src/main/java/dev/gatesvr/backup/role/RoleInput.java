package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.proto.PairRole;

/**
 * What happens to a role machine.
 *
 * <p>Every {@link RoleEffect.ReadRegister} is answered by exactly one {@link RegisterRead} or
 * {@link RegisterSilent}, every {@link RoleEffect.Change} by one {@link ChangeDone} or {@link
 * ChangeUnknown}, every {@link RoleEffect.StopServing} by one {@link Stopped}. Everything else may
 * come at any time, late or twice.
 */
public sealed interface RoleInput {
  /** Time went by. Expected at {@link RoleMachine#nextDeadlineNanos()}. */
  record Tick() implements RoleInput {}

  /** The register holds this. */
  record RegisterRead(Leadership standing) implements RoleInput {}

  /** The register did not answer a read in time. */
  record RegisterSilent() implements RoleInput {}

  /**
   * The answer to a change.
   *
   * @param standing what the register holds; what was wanted, when the change was made
   */
  record ChangeDone(Leadership standing) implements RoleInput {}

  /** The register did not answer a change in time: it may have been made, or may still be. */
  record ChangeUnknown() implements RoleInput {}

  /** A hint: some witness, or etcd's watch, showed this. It leads to a read, no further. */
  record LeadershipSeen(Leadership newer) implements RoleInput {}

  /**
   * The hellos of a link were exchanged. A newer link of the same side replaces the older.
   *
   * @param leadership the newest value that the other knows to stand, not merely saw proposed
   */
  record LinkUp(
      LinkSide side, String serverId, String incarnation, PairRole role, Leadership leadership)
      implements RoleInput {}

  /** A beat of the other. */
  record BeatHeard(LinkSide side, PairRole role, Leadership leadership) implements RoleInput {}

  /**
   * A link ended, or a dial failed. It need not be told of a link that the machine itself ended; if
   * it is, then as {@link LinkEnd#OTHER} and before the next link. A link that the edge ends for
   * reasons of its own is told, as {@link LinkEnd#OTHER} too.
   */
  record LinkDown(LinkSide side, LinkEnd end) implements RoleInput {}

  /** What the witnesses see of a process. */
  record EvidenceSeen(Evidence evidence) implements RoleInput {}

  /**
   * At the primary: the follower acknowledged the end of the snapshot in every log, and in every
   * log each output since that end waits for it. So nothing left without it that is not in the
   * snapshot.
   *
   * @param admission of the {@link RoleEffect.Admit} that began it
   */
  record CaughtUp(String follower, long admission) implements RoleInput {}

  /** At the primary: outputs wait for longer than the sync timeout though the link stands. */
  record AckStalled() implements RoleInput {}

  /** At the primary: what the follower lacks is no longer in the log; it needs a snapshot. */
  record ResyncNeeded(String follower) implements RoleInput {}

  /** The operator wants the other to lead. */
  record SwitchOver() implements RoleInput {}

  /** The operator wants this process to lead though what others held may be lost. */
  record ForceLead() implements RoleInput {}

  /**
   * Nothing is in flight any more, and the follower acknowledged everything.
   *
   * @param freeze of the {@link RoleEffect.Freeze} that began it
   */
  record Flushed(long freeze) implements RoleInput {}

  /** At the standby: the primary of this term is frozen, and everything it had is applied here. */
  record HandOverReceived(long term) implements RoleInput {}

  /** An upstream refused a call because it knows this higher term. */
  record FencedBy(long term) implements RoleInput {}

  /** At the standby: a snapshot begins, and what was held is void. */
  record SnapshotBegun() implements RoleInput {}

  /** At the standby: the end of the snapshot was applied in every log. */
  record Joined() implements RoleInput {}

  /** Serving has stopped, and every session is discarded. */
  record Stopped() implements RoleInput {}
}
