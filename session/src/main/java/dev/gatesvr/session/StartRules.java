package dev.gatesvr.session;

import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StartRequest;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a START becomes. Whoever sends one is known already: by a login that was accepted,
 * or by a resume token that was opened.
 *
 * <pre>
 *  resume token | session        | position        | becomes
 *  -------------+----------------+-----------------+------------------------------------------
 *  good         | alive          | can be resumed  | Resume
 *  good         | alive          | cannot          | Fresh, POSITION_GONE
 *  used, older  | alive          |                 | Refuse: nobody is attached or evicted
 *  any          | ended, and the |                 | Replaced: it comes too late, and learns why
 *               |  player logged |                 |
 *               |  in anew       |                 |
 *  any          | ended          |                 | Refuse
 *  none, old    | of an old      | above 0 and can | Resume: openid and auth_token are its identity
 *   wire        |  client        |  be resumed     |
 *  none         | any or none    | else            | Fresh: a login takes over
 * </pre>
 */
public final class StartRules {
  private StartRules() {}

  /**
   * A START with a resume token.
   *
   * @param session the one the token names, or null when it is over
   * @param token the token's number
   * @param newerLogin the player has another session, which began later
   */
  public static StartDecision resume(
      @Nullable Session session, long token, boolean newerLogin, StartRequest start) {
    if (session == null && newerLogin) {
      return new StartDecision.Replaced();
    }
    if (session == null || !session.acceptsToken(token)) {
      return new StartDecision.Refuse("the resume token is no longer good");
    }
    boolean sameHistory = start.getEpoch() == session.epoch();
    return sameHistory && session.canResumeAfter(start.getLastAckedSeqId())
        ? new StartDecision.Resume(start.getLastAckedSeqId(), token)
        : new StartDecision.Fresh(Resync.Reason.POSITION_GONE);
  }

  /**
   * A START whose login was accepted.
   *
   * @param existing the player's session, or null
   */
  public static StartDecision login(@Nullable Session existing, StartRequest start) {
    long lastAcked = start.getLastAckedSeqId();
    boolean oldWire = start.getProtocolLevel() == Session.LEVEL_GATESVR;
    if (start.getEpoch() == 0 && lastAcked == 0) {
      return new StartDecision.Fresh(Resync.Reason.UNKNOWN);
    }
    if (existing == null) {
      return new StartDecision.Fresh(Resync.Reason.SESSION_GONE);
    }
    if (oldWire && existing.ofOldWire() && start.getEpoch() == 0) {
      return existing.canResumeAfter(lastAcked)
          ? new StartDecision.Resume(lastAcked, 0)
          : new StartDecision.Fresh(Resync.Reason.POSITION_GONE);
    }
    return new StartDecision.Fresh(
        start.getEpoch() == existing.epoch() ? Resync.Reason.NOT_PROVEN : Resync.Reason.REPLACED);
  }
}
