package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleSettings.ArbiterKind;
import dev.gatesvr.proto.PairRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one gateway of a pair is: primary, standby, or on the way. Give it everything that
 * happens and carry out what it returns, in order; its states and arrows stand in the package's
 * description. Not thread-safe; it knows no clock.
 *
 * <p>An input first changes what is known, then every state is asked whether its time has come.
 * Bounds: one question to the register at a time, sixteen remembered processes.
 */
public final class RoleMachine {
  /** More arrows than any one input can cause; beyond it two states chase one another. */
  private static final int ARROWS_MAX = 12;

  /** How many heartbeat timeouts pass between two looks at the register while nobody is linked. */
  private static final int LOOK_TIMEOUTS = 10;

  private final RoleSettings settings;
  private final String me;
  private final Alarm alarm;
  private final Outbox out = new Outbox();
  private final RoleStates states = new RoleStates();
  private final RegisterDesk desk;
  private final PeerWatch watch;
  private final Standby standby;
  private final Lead lead;
  private final HandOver handOver;

  private boolean dialling;
  private boolean readAtFence;
  private long nextBeatNanos;
  private PairRole saidRole = PairRole.PAIR_UNKNOWN;
  private Leadership said = Leadership.NONE;

  /** A process that just started; it wants its first {@link RoleInput.Tick} at once. */
  public RoleMachine(RoleSettings settings, long nowNanos) {
    this.settings = settings;
    me = settings.incarnation();
    alarm = new Alarm(nowNanos);
    nextBeatNanos = nowNanos;
    desk = new RegisterDesk(out, alarm, settings.retryBackoffNanos());
    desk.wantRead();
    watch = new PeerWatch(settings, alarm);
    standby = new Standby(settings, desk, watch, alarm, out);
    lead = new Lead(settings, states, desk, watch, alarm, out);
    handOver = new HandOver(settings, states, desk, lead, alarm, out);
  }

  /**
   * Takes an input.
   *
   * @param nowNanos of a monotonic clock; never less than before
   * @return what is to be done, in order
   * @throws IllegalStateException when it answers a question that was not asked
   */
  public List<RoleEffect> on(RoleInput input, long nowNanos) {
    boolean late = nowNanos - alarm.earliestNanos() > settings.heartbeatIntervalNanos();
    alarm.begin(nowNanos, nowNanos + settings.heartbeatIntervalNanos());
    if (late) {
      watch.restart();
      standby.restart();
    }
    take(input, late);
    poll();
    dial();
    if (states.leads()) {
      lead.settleGate(states.state() == RoleState.HANDING_OVER, fenced());
    }
    look();
    beat();
    return out.drain();
  }

  /** When the next {@link RoleInput.Tick} is wanted, at the latest; a time of the same clock. */
  public long nextDeadlineNanos() {
    return alarm.earliestNanos();
  }

  /** What an operator may see. */
  public RoleStatus status() {
    return new RoleStatus(
        states.state(),
        states.partner(),
        desk.known(),
        lead.follower(),
        lead.gate().frozen(),
        standby.whole(),
        desk.silent(),
        watch.linked());
  }

  private void take(RoleInput input, boolean late) {
    switch (input) {
      case RoleInput.Tick tick -> {}
      case RoleInput.RegisterRead read -> desk.onRead(read.standing());
      case RoleInput.RegisterSilent silent -> desk.onSilent();
      case RoleInput.ChangeDone done -> desk.onChanged(done.standing());
      case RoleInput.ChangeUnknown unknown -> desk.onUnknown();
      case RoleInput.LeadershipSeen seen -> hint(seen.newer());
      case RoleInput.LinkUp link -> linkUp(link);
      case RoleInput.BeatHeard beat -> heard(beat);
      case RoleInput.LinkDown link -> watch.side(link.side()).down(link.end(), alarm.nowNanos());
      case RoleInput.EvidenceSeen seen -> watch.see(seen.evidence());
      case RoleInput.CaughtUp caught -> lead.onCaughtUp(caught);
      case RoleInput.AckStalled stalled when late -> {}
      case RoleInput.AckStalled stalled -> lead.onAckStalled();
      case RoleInput.ResyncNeeded resync -> lead.onResyncNeeded(resync.follower());
      case RoleInput.SwitchOver wish -> handOver.wish(wish);
      case RoleInput.ForceLead wish -> force(wish);
      case RoleInput.Flushed flushed -> handOver.onFlushed(flushed.freeze());
      case RoleInput.HandOverReceived received -> standby.handedOver(received.term());
      case RoleInput.FencedBy fence -> fencedBy(fence.term());
      case RoleInput.SnapshotBegun begun -> snapshot(false);
      case RoleInput.Joined joined -> snapshot(true);
      case RoleInput.Stopped stopped -> stopped();
    }
  }

  private void hint(Leadership seen) {
    if (Successors.newer(seen, desk.known())) {
      desk.wantRead();
    }
  }

  private void linkUp(RoleInput.LinkUp link) {
    if (link.serverId().equals(settings.serverId())) {
      out.error("server_id: " + link.serverId() + " (expected: another at the other gateway)");
      return;
    }
    watch.up(link);
    learn(link.leadership());
  }

  private void heard(RoleInput.BeatHeard beat) {
    if (watch.side(beat.side()).up()) {
      watch.side(beat.side()).heard(beat.role(), alarm.nowNanos());
      learn(beat.leadership());
    }
  }

  /** Of two leaders of one term, a standby in sync with one of them believes neither. */
  private void learn(Leadership theirs) {
    Leadership known = desk.known();
    boolean rival = theirs.term() == known.term() && !theirs.leader().equals(known.leader());
    if (rival && !states.leads() && standby.whole() && known.mayPromote(me)) {
      return;
    }
    desk.learn(theirs);
  }

  private void force(RoleInput.ForceLead wish) {
    if (states.state() == RoleState.FOLLOWING || states.state() == RoleState.STARTING) {
      standby.force(wish);
    } else {
      out.add(new RoleEffect.Refuse(wish, "this process is " + states.state()));
    }
  }

  private void fencedBy(long term) {
    standby.fencedBy(term);
    if (fenced()) {
      readAtFence = true;
      desk.wantRead();
      out.error("an upstream knows term " + term + ", this is " + desk.known().term());
    }
  }

  /** An upstream knows a higher term than the register's, as far as that is known. */
  private boolean fenced() {
    return states.leads() && standby.fencedTerm() > desk.known().term();
  }

  private void snapshot(boolean complete) {
    if (!states.leads()) {
      standby.whole(complete);
    }
  }

  private void stopped() {
    if (states.state() != RoleState.DEPOSED) {
      throw new IllegalStateException("stopped while " + states.state());
    }
    standby.whole(false);
    standby.forget();
    states.toFollowing();
    watch.restart();
  }

  private void poll() {
    for (int i = 0; i < ARROWS_MAX; i++) {
      long before = states.arrows();
      switch (states.state()) {
        case STARTING -> starting();
        case FOLLOWING -> following();
        case PROMOTING -> promoting();
        case PRIMARY -> primary();
        case HANDING_OVER -> handingOver();
        case DEPOSED -> {}
      }
      if (states.arrows() == before) {
        return;
      }
    }
    throw new IllegalStateException("no end of arrows in " + status());
  }

  private void starting() {
    if (desk.answered() || desk.known().version() > 0) {
      states.toFollowing();
      out.info("standby; the register holds " + desk.known());
    }
  }

  private void following() {
    if (desk.known().leader().equals(me)) {
      // Whole, if it was a promotion; with empty hands, if nobody held anything.
      promote();
      return;
    }
    if (!desk.mayChange()) {
      redial();
      return;
    }
    @Nullable Leadership wanted = standby.wanted();
    if (wanted == null) {
      redial();
      return;
    }
    standby.forget();
    states.toPromoting();
    dial();
    desk.askChange(wanted);
  }

  /** A link that stands but says nothing is dialled again. */
  private void redial() {
    PeerLink link = watch.dialled();
    if (link.up() && alarm.due(link.heardNanos() + settings.heartbeatTimeoutNanos())) {
      link.cut(alarm.nowNanos());
      out.add(new RoleEffect.StopFollowing());
      out.add(new RoleEffect.Follow());
    }
  }

  private void promoting() {
    if (desk.known().leader().equals(me)) {
      promote();
    } else if (!desk.asking() && (desk.silent() || !desk.mustRead())) {
      states.toFollowing();
      watch.restart();
      out.info("standby; the register holds " + desk.known());
    }
  }

  private void promote() {
    states.toPromoted();
    standby.whole(true);
    standby.forget();
    dial();
    out.info("leads: " + desk.known());
    lead.begin();
  }

  private void primary() {
    if (deposed()) {
      return;
    }
    readAtFence &= fenced() && desk.readWanted();
    if (readAtFence) {
      return;
    }
    if (fenced() && states.partner() == Partner.ALONE) {
      raise();
    } else {
      lead.poll(fenced());
    }
  }

  private void handingOver() {
    if (!deposed()) {
      handOver.poll(fenced());
    }
  }

  private boolean deposed() {
    if (desk.known().leader().equals(me)) {
      return false;
    }
    states.toDeposed();
    lead.end();
    handOver.end();
    out.warn("deposed by " + desk.known());
    out.add(new RoleEffect.StopServing("deposed by " + desk.known().leader()));
    return true;
  }

  /**
   * The register was read after the fence, and says that this process leads all the same: so it
   * leads in a higher term, alone at first.
   */
  private void raise() {
    if (desk.mayChange()) {
      desk.askChange(Successors.lead(desk.known(), desk.standing(), standby.fencedTerm(), me));
    }
  }

  private void dial() {
    boolean wanted =
        switch (states.state()) {
          case STARTING, FOLLOWING -> true;
          case PRIMARY ->
              settings.arbiter() == ArbiterKind.NONE
                  && !watch.accepted().up()
                  && states.partner() != Partner.PAIRED;
          case PROMOTING, HANDING_OVER, DEPOSED -> false;
        };
    if (wanted == dialling) {
      return;
    }
    dialling = wanted;
    if (wanted) {
      out.add(new RoleEffect.Follow());
    } else {
      watch.dialled().cut(alarm.nowNanos());
      out.add(new RoleEffect.StopFollowing());
    }
  }

  /** Asks the register what is waited for; and now and then while nobody else can tell. */
  private void look() {
    long every = LOOK_TIMEOUTS * settings.heartbeatTimeoutNanos();
    if (!watch.linked() && !desk.asking() && alarm.due(desk.answeredAtNanos() + every)) {
      desk.wantRead();
    }
    desk.askWanted();
  }

  private void beat() {
    PairRole role = states.state().role();
    boolean news = role != saidRole || !desk.known().equals(said);
    if (news || alarm.due(nextBeatNanos)) {
      saidRole = role;
      said = desk.known();
      nextBeatNanos = alarm.nowNanos() + settings.heartbeatIntervalNanos();
      out.add(new RoleEffect.SendBeat(role, said));
    }
    alarm.due(nextBeatNanos);
  }
}
