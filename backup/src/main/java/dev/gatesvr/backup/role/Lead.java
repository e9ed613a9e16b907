package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.proto.PairRole;

/**
 * A gateway that leads, and its follower. Each {@code poll} takes at most one arrow. Not
 * thread-safe.
 */
final class Lead {
  private final RoleSettings settings;
  private final RoleStates states;
  private final RegisterDesk desk;
  private final PeerWatch watch;
  private final Alarm alarm;
  private final OutputGate gate;
  private final Outbox out;
  private final String me;

  private String follower = "";
  private long admission;
  private long fedOn;
  private long servedTerm;
  private boolean caughtUp;
  private boolean stalled;
  private boolean resync;
  private boolean slow;
  private boolean fenced;
  private long admitFromNanos;
  private long admittedNanos;

  Lead(
      RoleSettings settings,
      RoleStates states,
      RegisterDesk desk,
      PeerWatch watch,
      Alarm alarm,
      Outbox out) {
    this.settings = settings;
    this.states = states;
    this.desk = desk;
    this.watch = watch;
    this.alarm = alarm;
    this.out = out;
    gate = new OutputGate(out, settings.strict());
    me = settings.incarnation();
    admitFromNanos = alarm.nowNanos();
  }

  OutputGate gate() {
    return gate;
  }

  String follower() {
    return follower;
  }

  /** The register says so: serve. */
  void begin() {
    reset();
    gate.begin();
    serve();
  }

  /** Serves in the term that stands; again when the own term was raised. */
  private void serve() {
    servedTerm = desk.known().term();
    out.add(new RoleEffect.StartServing(desk.known()));
    gate.say(follower);
  }

  /** Another leads. */
  void end() {
    reset();
    gate.end();
  }

  private void reset() {
    follower = "";
    caughtUp = false;
    stalled = false;
    resync = false;
    slow = false;
    admitFromNanos = alarm.nowNanos();
  }

  void onCaughtUp(RoleInput.CaughtUp input) {
    caughtUp |= input.admission() == admission && input.follower().equals(follower);
  }

  /**
   * A strict primary waits, however long; and what waited before a follower was admitted does not
   * wait for it.
   */
  void onAckStalled() {
    boolean fresh =
        states.partner() == Partner.JOINING
            && !alarm.due(admittedNanos + settings.syncTimeoutNanos());
    stalled = !settings.strict() && !fresh;
  }

  void onResyncNeeded(String who) {
    resync |= who.equals(follower);
  }

  /** The follower's link stands, and outputs do not wait too long. */
  boolean steady() {
    return here() && fed() && !stalled && !resync;
  }

  /**
   * Looks at how it stands with the follower, and takes an arrow when it is time.
   *
   * @param isFenced no follower is taken in, and one that is there is left: its copy belongs to a
   *     term that ends
   */
  void poll(boolean isFenced) {
    fenced = isFenced;
    resync |= isFenced;
    if (desk.known().term() != servedTerm) {
      serve();
    }
    switch (states.partner()) {
      case ALONE -> alone();
      case JOINING -> joining();
      case GROWING -> growing();
      case PAIRED -> paired();
      case SHRINKING -> shrinking();
      case STALLED -> stalled();
    }
  }

  /** What the gate shall be now. */
  void settleGate(boolean handingOver, boolean fenced) {
    Partner partner = states.partner();
    boolean forbidden = settings.strict() && partner != Partner.PAIRED;
    gate.freeze(handingOver || fenced || forbidden || partner == Partner.STALLED);
  }

  private void alone() {
    stalled = false;
    PeerLink link = watch.accepted();
    boolean standby = link.role() == PairRole.PAIR_STANDBY || link.role() == PairRole.PAIR_STARTING;
    if (link.up() && standby && !fenced && alarm.due(admitFromNanos)) {
      follower = link.incarnation();
      caughtUp = false;
      resync = false;
      slow = false;
      fedOn = link.number();
      admittedNanos = alarm.nowNanos();
      states.toJoining();
      admission = gate.admit(follower);
      out.info("takes in " + follower);
    }
  }

  private void joining() {
    if (!joins() || stalled || resync) {
      drop(here() && fed());
      backAlone("gave up taking in ");
    } else if (caughtUp) {
      states.toGrowing();
    }
  }

  private void growing() {
    if (named()) {
      pair();
    } else if (joins() && !stalled && !resync) {
      change(Successors.grow(desk.known(), desk.standing(), follower));
    } else if (desk.free() && !desk.mustRead() && !desk.unsettled()) {
      drop(here() && fed());
      backAlone("gave up taking in ");
    } else if (desk.free()) {
      shrink("nobody knows whether the register names ");
    }
  }

  private void pair() {
    states.toPaired();
    gate.paired(follower);
    out.info("in sync with " + follower);
  }

  private void paired() {
    resume();
    if (!named()) {
      states.toGrowing();
    } else if (resync || replaced()) {
      shrink("needs a snapshot: ");
    } else if (!away()) {
      if (stalled) {
        slow = here();
        shrink("too slow: ");
      } else {
        settle();
      }
    } else if (settings.strict()) {
      states.toStalled();
      out.error("waits for " + follower + ", because it is strict");
    } else {
      shrink("away: ");
    }
  }

  /** A new link of the follower: what it lacks is sent there, or {@code resync} comes back. */
  private void resume() {
    if (here() && !fed() && !resync) {
      fedOn = watch.accepted().number();
      out.add(new RoleEffect.Resume(follower));
    }
  }

  private void shrink(String why) {
    stalled = false;
    states.toShrinking();
    out.warn(why + follower);
  }

  private void shrinking() {
    if (!named() && !desk.unsettled() && !desk.mustRead()) {
      drop(slow);
      backAlone("alone without ");
    } else if (!desk.silent()) {
      change(Successors.solo(desk.known(), desk.standing(), me));
    } else if (back()) {
      states.toPaired();
      gate.paired(follower);
    } else {
      states.toStalled();
      out.error("the register is silent, and outputs wait for " + follower);
    }
  }

  private void stalled() {
    stalled = false;
    if (back()) {
      states.toPaired();
      gate.paired(follower);
      out.info("back: " + follower);
    } else if (settings.strict() && !replaced() && !resync) {
      settle();
    } else if (!desk.silent()) {
      shrink("asks for the lead alone, without ");
    }
  }

  /** Writes the same once more while an unknown change may still happen. */
  private void settle() {
    if (desk.unsettled()) {
      change(Successors.again(desk.known(), desk.standing()));
    }
  }

  private void change(Leadership wanted) {
    if (desk.mayChange()) {
      desk.askChange(wanted);
    }
  }

  private void backAlone(String what) {
    states.toAlone();
    gate.alone();
    out.warn(what + follower);
    follower = "";
  }

  /** A follower that was too slow comes back after a while, not at once. */
  private void drop(boolean tooSlow) {
    if (tooSlow) {
      admitFromNanos = alarm.nowNanos() + settings.heartbeatTimeoutNanos();
      if (here()) {
        watch.accepted().cut(alarm.nowNanos());
        out.add(new RoleEffect.DropFollower(follower));
      }
    }
  }

  /** The last link is one to the follower, and stands. */
  private boolean here() {
    return watch.accepted().upTo(follower);
  }

  /** On the link on which it was admitted or resumed. */
  private boolean fed() {
    return watch.accepted().number() == fedOn;
  }

  /** On the link on which it is taken in. */
  private boolean joins() {
    return here() && fed() && !mute();
  }

  /** In touch, and able to go on from where it stopped. */
  private boolean back() {
    return here() && !away() && !resync && !replaced();
  }

  private boolean named() {
    return desk.known().inSync().contains(follower);
  }

  /** Another process of the follower's server is there, so that this one is no more. */
  private boolean replaced() {
    return watch.superseded(follower);
  }

  /** Its link stands, but nothing came for longer than outputs may wait. */
  private boolean mute() {
    return alarm.due(
        watch.accepted().heardNanos()
            + settings.heartbeatTimeoutNanos()
            + settings.syncTimeoutNanos());
  }

  /** The follower is away, or silent, for longer than outputs may wait. */
  private boolean away() {
    PeerLink link = watch.accepted();
    if (here()) {
      return mute();
    }
    boolean dead = link.ended() && watch.dead(follower);
    return dead || alarm.due(link.downSinceNanos() + settings.syncTimeoutNanos());
  }
}
