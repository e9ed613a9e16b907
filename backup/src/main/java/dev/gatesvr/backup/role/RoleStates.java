package dev.gatesvr.backup.role;

import static dev.gatesvr.backup.role.Partner.ALONE;
import static dev.gatesvr.backup.role.Partner.GROWING;
import static dev.gatesvr.backup.role.Partner.JOINING;
import static dev.gatesvr.backup.role.Partner.PAIRED;
import static dev.gatesvr.backup.role.Partner.SHRINKING;
import static dev.gatesvr.backup.role.Partner.STALLED;
import static dev.gatesvr.backup.role.RoleState.DEPOSED;
import static dev.gatesvr.backup.role.RoleState.FOLLOWING;
import static dev.gatesvr.backup.role.RoleState.HANDING_OVER;
import static dev.gatesvr.backup.role.RoleState.PRIMARY;
import static dev.gatesvr.backup.role.RoleState.PROMOTING;
import static dev.gatesvr.backup.role.RoleState.STARTING;

import java.util.EnumSet;

/**
 * The state of a role machine, and every arrow there is. Not thread-safe.
 *
 * <pre>
 *  STARTING     → FOLLOWING     the register answered, or the other said what it holds
 *  FOLLOWING    → PROMOTING     a change is asked for: found, promote, or refound
 *  FOLLOWING    → PRIMARY       the register shows an own promotion whose outcome was unknown
 *  PROMOTING    → PRIMARY       the change is made
 *  PROMOTING    → FOLLOWING     it is not, or the register is silent
 *  PRIMARY      → HANDING_OVER  the operator's wish, while PAIRED
 *  PRIMARY      → DEPOSED       a higher leadership stands
 *  HANDING_OVER → DEPOSED       the follower took the lead
 *  HANDING_OVER → PRIMARY       it did not in time, or the link ended
 *  DEPOSED      → FOLLOWING     everything is discarded
 * </pre>
 *
 * While it leads, how it stands with its follower:
 *
 * <pre>
 *  ALONE     → JOINING    a follower is on the link
 *  JOINING   → GROWING    it has caught up
 *  JOINING   → ALONE      the link ended, or it is too slow
 *  GROWING   → PAIRED     the register names both
 *  GROWING   → ALONE      it surely does not and will not, and the link ended
 *  GROWING   → SHRINKING  nobody knows, and the link ended
 *  PAIRED    → SHRINKING  the follower is away or slow for too long, needs a snapshot, or is gone
 *  PAIRED    → STALLED    it is away for too long, and the primary is strict
 *  PAIRED    → GROWING    the register shows an own solo whose outcome was unknown
 *  SHRINKING → ALONE      the register names the primary alone
 *  SHRINKING → PAIRED     the register is silent, and the follower is back
 *  SHRINKING → STALLED    the register is silent
 *  STALLED   → PAIRED     the follower is back
 *  STALLED   → SHRINKING  the register answers, or a newer process of the follower came
 * </pre>
 *
 * Any other arrow throws {@link IllegalStateException} and names both states.
 */
final class RoleStates {
  private RoleState state = STARTING;
  private Partner partner = ALONE;
  private long arrows;

  RoleState state() {
    return state;
  }

  Partner partner() {
    return partner;
  }

  /** Counts the arrows taken. */
  long arrows() {
    return arrows;
  }

  boolean leads() {
    return state == PRIMARY || state == HANDING_OVER;
  }

  void toFollowing() {
    go(FOLLOWING, EnumSet.of(STARTING, PROMOTING, DEPOSED));
  }

  void toPromoting() {
    go(PROMOTING, EnumSet.of(FOLLOWING));
  }

  /** A promotion; the partner is ALONE. */
  void toPromoted() {
    go(PRIMARY, EnumSet.of(PROMOTING, FOLLOWING));
  }

  void toHandingOver() {
    if (partner != PAIRED) {
      throw new IllegalStateException(state + " " + partner + " → " + HANDING_OVER);
    }
    go(HANDING_OVER, EnumSet.of(PRIMARY));
  }

  /** The hand-over did not happen; the partner is PAIRED still. */
  void toResumed() {
    go(PRIMARY, EnumSet.of(HANDING_OVER));
  }

  void toDeposed() {
    go(DEPOSED, EnumSet.of(PRIMARY, HANDING_OVER));
    partner = ALONE;
  }

  void toJoining() {
    pass(JOINING, EnumSet.of(ALONE));
  }

  void toGrowing() {
    pass(GROWING, EnumSet.of(JOINING, PAIRED));
  }

  void toPaired() {
    pass(PAIRED, EnumSet.of(GROWING, SHRINKING, STALLED));
  }

  void toShrinking() {
    pass(SHRINKING, EnumSet.of(PAIRED, GROWING, STALLED));
  }

  void toStalled() {
    pass(STALLED, EnumSet.of(PAIRED, SHRINKING));
  }

  void toAlone() {
    pass(ALONE, EnumSet.of(JOINING, GROWING, SHRINKING));
  }

  private void go(RoleState next, EnumSet<RoleState> from) {
    if (!from.contains(state)) {
      throw new IllegalStateException(state + " → " + next);
    }
    state = next;
    arrows++;
  }

  private void pass(Partner next, EnumSet<Partner> from) {
    if (state != PRIMARY || !from.contains(partner)) {
      throw new IllegalStateException(state + " " + partner + " → " + next);
    }
    partner = next;
    arrows++;
  }
}
