package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleSettings.ArbiterKind;
import dev.gatesvr.backup.role.RoleSettings.Mode;
import org.jspecify.annotations.Nullable;

/** A gateway that does not lead: when it may, and when it wants to. Not thread-safe. */
final class Standby {
  private final RoleSettings settings;
  private final RegisterDesk desk;
  private final PeerWatch watch;
  private final Alarm alarm;
  private final Outbox out;
  private long startedNanos;
  private long handOverTerm;
  private boolean forced;
  private boolean whole;
  private long fencedTerm;

  Standby(RoleSettings settings, RegisterDesk desk, PeerWatch watch, Alarm alarm, Outbox out) {
    this.settings = settings;
    this.desk = desk;
    this.watch = watch;
    this.alarm = alarm;
    this.out = out;
    startedNanos = alarm.nowNanos();
  }

  /** Holds everything it was sent of the leader's logs. */
  boolean whole() {
    return whole;
  }

  void whole(boolean holds) {
    whole = holds;
  }

  /** Upstreams know this term. */
  void fencedBy(long term) {
    fencedTerm = Math.max(fencedTerm, term);
  }

  long fencedTerm() {
    return fencedTerm;
  }

  /** Time that passed while this process stood still does not count. */
  void restart() {
    startedNanos = alarm.nowNanos();
  }

  /** The primary of this term is frozen, and everything of it is here. */
  void handedOver(long term) {
    handOverTerm = term;
  }

  /** The operator's wish; refused while the leader lives. */
  void force(RoleInput wish) {
    String leader = desk.known().leader();
    if (!leader.isEmpty() && watch.alive(leader)) {
      out.add(new RoleEffect.Refuse(wish, leader + " leads, and is heard"));
      return;
    }
    forced = true;
  }

  /** The wishes of an earlier time mean nothing any more. */
  void forget() {
    forced = false;
    handOverTerm = 0;
  }

  /** What the register shall hold so that this process leads, or null for no change. */
  @Nullable Leadership wanted() {
    Leadership known = desk.known();
    @Nullable String why = why(known);
    if (why == null) {
      return null;
    }
    out.info("asks for the lead: " + why);
    return Successors.lead(known, desk.standing(), fencedTerm, settings.incarnation());
  }

  private @Nullable String why(Leadership known) {
    forced &= !watch.alive(known.leader());
    if (known.version() == 0) {
      return mayFound() ? "nobody ever led" : null;
    }
    if (whole && known.mayPromote(settings.incarnation())) {
      if (handOverTerm == known.term()) {
        return "the leader handed over";
      }
      return forced ? "the operator's wish" : watch.suspicion(known.leader());
    }
    if (forced) {
      return "the operator's wish, without what was acknowledged";
    }
    boolean refound = settings.mode() == Mode.PRIMARY && watch.allSuperseded(known);
    return refound ? "every process that held the sessions is gone" : null;
  }

  /** Without an arbiter the other may lead already, and must have had the time to say so. */
  private boolean mayFound() {
    if (forced) {
      return true;
    }
    if (settings.mode() != Mode.PRIMARY || !desk.answered()) {
      return false;
    }
    return settings.arbiter() != ArbiterKind.NONE
        || watch.linked()
        || watch.dialled().refused()
        || alarm.due(startedNanos + settings.heartbeatTimeoutNanos());
  }
}
