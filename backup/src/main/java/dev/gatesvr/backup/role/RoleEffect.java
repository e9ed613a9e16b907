package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.proto.PairRole;

/** What a role machine wants to be done, in this order. */
public sealed interface RoleEffect {
  /** Ask the register what it holds. */
  record ReadRegister() implements RoleEffect {}

  /** Change the register if it holds what is expected. */
  record Change(Leadership expected, Leadership wanted) implements RoleEffect {}

  /** Dial the other until it answers, and again after every end. */
  record Follow() implements RoleEffect {}

  /** End the dialled link, and dial no more. Nothing is acknowledged on it from here on. */
  record StopFollowing() implements RoleEffect {}

  /** End the accepted link of this process; it will dial again. */
  record DropFollower(String follower) implements RoleEffect {}

  /**
   * Serve, from what is held here, in this leadership; comes again when the leader's own term was
   * raised. Outputs are held until the next of {@link HoldOutputs}, {@link AwaitFollower}, {@link
   * ReleaseOutputs}, which stands in the same list.
   */
  record StartServing(Leadership leadership) implements RoleEffect {}

  /**
   * Serve nobody, discard every session and everything held; a freeze and an admission end with it.
   * Answer with {@link RoleInput.Stopped}.
   */
  record StopServing(String reason) implements RoleEffect {}

  /**
   * Let this follower have the logs: what it lacks of them, or a snapshot. From the end of its
   * snapshot on (or from now on when it needs none) a log's outputs wait for its acknowledgements,
   * unless they are held altogether. {@link RoleInput.CaughtUp} says when this is so in all logs.
   *
   * @param admission numbers it; it ends with the follower's link, {@link ReleaseOutputs}, {@link
   *     StopServing} or the next one
   */
  record Admit(String follower, long admission) implements RoleEffect {}

  /**
   * The follower in sync is back on a new link: send it what it lacks of the logs, under the
   * admission that it had. When the logs do not reach back that far, answer with {@link
   * RoleInput.ResyncNeeded} and send nothing: a snapshot would void what it holds.
   */
  record Resume(String follower) implements RoleEffect {}

  /** Nothing leaves, acknowledged or not. */
  record HoldOutputs() implements RoleEffect {}

  /** An output leaves when this follower has acknowledged its entry. */
  record AwaitFollower(String follower) implements RoleEffect {}

  /** Everything held leaves, and nothing waits. */
  record ReleaseOutputs() implements RoleEffect {}

  /**
   * Take nothing new: no logins, requests, pushes. When nothing is in flight any more and the
   * follower has everything, answer with {@link RoleInput.Flushed}.
   */
  record Freeze(long freeze) implements RoleEffect {}

  /** Take everything again. */
  record Unfreeze() implements RoleEffect {}

  /** Tell the follower to take the lead; the link adds the last position of each log. */
  record SendHandOver(long term) implements RoleEffect {}

  /** Send a beat on every link; later beats and hellos say the same until the next effect. */
  record SendBeat(PairRole role, Leadership leadership) implements RoleEffect {}

  /** An operator's wish is not granted. */
  record Refuse(RoleInput wish, String why) implements RoleEffect {}

  /** Something for the log. */
  record Note(Level level, String text) implements RoleEffect {}

  /** How much a note matters. */
  enum Level {
    /** Every change of role. */
    INFO,
    /** Less is protected than configured. */
    WARN,
    /** An operator must look. */
    ERROR
  }
}
