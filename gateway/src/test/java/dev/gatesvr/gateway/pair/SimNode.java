package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.LinkEnd;
import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.backup.role.LinkSide;
import dev.gatesvr.backup.role.RoleEffect;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.backup.role.RoleMachine;
import dev.gatesvr.backup.role.RoleSettings;
import dev.gatesvr.backup.role.RoleStatus;
import dev.gatesvr.gateway.replica.ReplicaStatus;
import dev.gatesvr.gateway.replica.ReplicationMode;
import dev.gatesvr.gateway.replica.StandbySession;
import dev.gatesvr.gateway.replica.StandbySessions;
import dev.gatesvr.proto.HandOver;
import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import dev.gatesvr.proto.PairRole;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of a gateway: the real role machine, sides of the link, logs and replicas, in as much
 * of {@link Pair} as there is without sockets.
 */
final class SimNode {
  /** What an upstream is told of its push. */
  enum PushResult {
    ACCEPTED,
    REFUSED,
    NOT_PRIMARY,
    UNKNOWN
  }

  private static final long MILLI = 1_000_000;
  private static final long DRAIN_NANOS = 25 * MILLI;
  private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("sim", 1);

  private final PairWorld world;
  private final SimProcess process;
  private final RoleSettings settings;
  private final RoleMachine machine;
  private final StandbySessions standby;
  private final FollowingSide following;
  private final LeadingSide leading;
  private final SimRegister register;
  private final SimFence fence;
  private final SimFleet fleet;
  private final SimProcess.Loop loop;
  private final ArrayDeque<RoleInput> inputs = new ArrayDeque<>();
  private boolean carryingOut;
  private long armedNanos = Long.MAX_VALUE;
  private boolean dialling;
  private boolean pending;
  private long dials;
  private @Nullable SimPairLink in;
  private @Nullable SimPairLink out;
  private boolean serving;
  private boolean open;
  private Leadership replaced = Leadership.NONE;
  private long servings;
  private boolean dependsOnFollower;
  private long heardNanos;
  private long lastTurnNanos;
  private long doubtEndNanos = Long.MIN_VALUE / 2;
  private @Nullable Evidence told;
  private PairBeat beat = PairBeat.newBuilder().setRole(PairRole.PAIR_STARTING).build();

  SimNode(PairWorld world, RoleSettings settings, SimProcess process) {
    this.world = world;
    this.process = process;
    this.settings = settings;
    this.loop = process.new Loop(world.hopNanosMax());
    this.machine = new RoleMachine(settings, nanos());
    this.standby = new StandbySessions(SimFleet.LIMITS, registered -> {});
    this.fence = new SimFence(world, this);
    this.fleet = new SimFleet(world, this);
    SimPort port = new SimPort();
    this.following = new FollowingSide(standby, port, this::input, this::nanos);
    lastTurnNanos = nanos();
    this.leading =
        new LeadingSide(
            loop::execute,
            fleet,
            settings.incarnation(),
            port,
            () -> machine.status().leadership().term(),
            this::input);
    this.register = new SimRegister(world.net(), process, world.witnesses(), incarnation());
  }

  void begin() {
    input(new RoleInput.Tick());
  }

  // ---------------------------------------------------------------- what it is

  SimProcess process() {
    return process;
  }

  String incarnation() {
    return settings.incarnation();
  }

  long nanos() {
    return process.time.nowNanos();
  }

  PairBeat beat() {
    return beat;
  }

  RoleStatus role() {
    return machine.status();
  }

  SimFence fence() {
    return fence;
  }

  SimFleet fleet() {
    return fleet;
  }

  StandbySessions standby() {
    return standby;
  }

  long resyncs() {
    return following.resyncs();
  }

  long term() {
    return machine.status().leadership().term();
  }

  /** Players and pushes are let in. */
  boolean lets() {
    return serving && open && !machine.status().frozen();
  }

  /** Players may start sessions: as {@link PairLead} has it. */
  boolean serves() {
    boolean sure = !dependsOnFollower || nanos() - heardNanos < settings.heartbeatTimeoutNanos();
    return lets() && sure;
  }

  boolean frozen() {
    return machine.status().frozen();
  }

  /** Invariant 11: what leaves without the standby leaves after the register said so. */
  void mayLeave(boolean held) {
    if (!held && world.mode() == ReplicationMode.SYNC) {
      Leadership now = world.chosen();
      SimBooks.must(
          now.leader().equals(incarnation()) && now.inSync().size() == 1,
          "11: alone without the register",
          incarnation() + ", " + now);
    }
  }

  // ---------------------------------------------------------------- inputs

  void input(RoleInput input) {
    noticePause();
    boolean beatOfFollower =
        input instanceof RoleInput.BeatHeard heard && heard.side() == LinkSide.SOURCE;
    if (beatOfFollower && dependsOnFollower && nanos() - doubtEndNanos >= 0) {
      heardNanos = nanos();
    }
    inputs.add(input);
    if (carryingOut) {
      return;
    }
    carryingOut = true;
    while (!inputs.isEmpty()) {
      replaced = machine.status().leadership();
      for (RoleEffect effect : machine.on(inputs.remove(), nanos())) {
        carryOut(effect);
      }
    }
    carryingOut = false;
    arm();
  }

  private void noticePause() {
    if (nanos() - lastTurnNanos > settings.heartbeatTimeoutNanos() / 2) {
      doubtEndNanos = nanos() + settings.heartbeatIntervalNanos();
    }
    lastTurnNanos = nanos();
  }

  private void arm() {
    long deadline = machine.nextDeadlineNanos();
    if (deadline < armedNanos) {
      armedNanos = deadline;
      process.at(deadline, () -> onTick(deadline));
    }
  }

  private void onTick(long armed) {
    if (armed != armedNanos) {
      return;
    }
    armedNanos = Long.MAX_VALUE;
    fleet.check();
    SimBooks.must(standby.digestMismatches() == 0, "16: digests", incarnation());
    SimBooks.must(following.resyncs() == 0, "the standby lost the thread", incarnation());
    if (in != null) {
      in.giveUpAfter(4 * settings.heartbeatTimeoutNanos());
    }
    if (out != null) {
      out.giveUpAfter(4 * settings.heartbeatTimeoutNanos());
    }
    if (serving && outputsWaitTooLong()) {
      input(new RoleInput.AckStalled());
    }
    look();
    input(new RoleInput.Tick());
  }

  private boolean outputsWaitTooLong() {
    for (ReplicaStatus status : fleet.statuses()) {
      if (status.waiting() > 0
          && nanos() - status.waitingSinceNanos() > settings.syncTimeoutNanos()) {
        return true;
      }
    }
    return false;
  }

  /** What the witnesses say of the other process. */
  void look() {
    Evidence seen = world.evidence(this);
    if (seen != null && !seen.equals(told)) {
      told = seen;
      input(new RoleInput.EvidenceSeen(seen));
    }
  }

  void fencedBy(long term) {
    world.count("fenced");
    loop.execute(() -> input(new RoleInput.FencedBy(term)));
  }

  // ---------------------------------------------------------------- effects

  private void carryOut(RoleEffect effect) {
    switch (effect) {
      case RoleEffect.ReadRegister read ->
          register.change(
              Leadership.NONE,
              Leadership.NONE,
              value ->
                  input(
                      value == null
                          ? new RoleInput.RegisterSilent()
                          : new RoleInput.RegisterRead(value)));
      case RoleEffect.Change change ->
          register.change(
              change.expected(),
              change.wanted(),
              value -> {
                if (change.wanted().equals(value)) {
                  world.hint(this, value);
                }
                input(
                    value == null
                        ? new RoleInput.ChangeUnknown()
                        : new RoleInput.ChangeDone(value));
              });
      case RoleEffect.Follow follow -> {
        dialling = true;
        dial();
      }
      case RoleEffect.StopFollowing stop -> {
        dialling = false;
        pending = false;
        dials++;
        close(in);
      }
      case RoleEffect.DropFollower drop -> {
        leading.end();
        close(out);
      }
      case RoleEffect.StartServing start -> startServing(start.leadership());
      case RoleEffect.StopServing stop -> stopServing();
      case RoleEffect.Admit admit -> leading.admit(admit.admission());
      case RoleEffect.Resume resume -> leading.resume();
      case RoleEffect.HoldOutputs hold -> fleet.shut();
      case RoleEffect.AwaitFollower await -> {
        dependsOnFollower = true;
        heardNanos = nanos();
        fleet.awaitFollower();
      }
      case RoleEffect.ReleaseOutputs release -> {
        world.count("solo");
        leading.end();
        dependsOnFollower = false;
        fleet.open();
      }
      case RoleEffect.Freeze freeze -> flush(freeze.freeze(), nanos());
      case RoleEffect.Unfreeze unfreeze -> {}
      case RoleEffect.SendHandOver handOver -> sendHandOver(handOver.term());
      case RoleEffect.SendBeat said -> sendBeat(said);
      case RoleEffect.Refuse refuse -> world.count("refused wish");
      case RoleEffect.Note note -> world.note(this, note);
    }
  }

  private static void close(@Nullable SimPairLink link) {
    if (link != null) {
      link.close("");
    }
  }

  private void startServing(Leadership leadership) {
    fence.begin(leadership.term());
    if (serving) {
      return;
    }
    serving = true;
    long mine = ++servings;
    boolean tookOver = standby.whole() && replaced.inSync().contains(incarnation());
    world.count(tookOver ? "took over" : "began empty");
    fleet.numbersFrom(standby.highestNumber());
    Collection<StandbySession> sessions = tookOver ? standby.take() : List.of();
    standby.clear();
    following.taken();
    boolean sameHistory = world.mode() == ReplicationMode.SYNC;
    fleet.adopt(
        sessions,
        sameHistory,
        () ->
            loop.execute(
                () -> {
                  if (mine == servings && serving) {
                    open = true;
                    fleet.door().offerToAll();
                  }
                }));
  }

  private void stopServing() {
    world.count("deposed");
    serving = false;
    open = false;
    dependsOnFollower = false;
    leading.end();
    fleet.depose(() -> loop.execute(() -> input(new RoleInput.Stopped())));
  }

  private void flush(long number, long sinceNanos) {
    if (!machine.status().frozen()) {
      return;
    }
    fleet.quiet(
        quiet ->
            loop.execute(
                () -> {
                  boolean drained = fleet.calls() == 0 || nanos() - sinceNanos > DRAIN_NANOS;
                  if (quiet && drained) {
                    input(new RoleInput.Flushed(number));
                  } else {
                    process.after(MILLI, () -> flush(number, sinceNanos));
                  }
                }));
  }

  private void sendHandOver(long term) {
    if (out != null) {
      HandOver.Builder handOver = HandOver.newBuilder().setTerm(term);
      fleet.statuses().forEach(status -> handOver.addLastLsn(status.lastLsn()));
      out.send(PairFrame.newBuilder().setHandOver(handOver).build());
    }
  }

  private void sendBeat(RoleEffect.SendBeat said) {
    beat =
        PairBeat.newBuilder()
            .setRole(said.role())
            .setLeadership(LeadershipWire.toWire(said.leadership()))
            .build();
    if (out != null) {
      out.beatNow();
    }
    if (in != null) {
      in.beatNow();
    }
  }

  // ---------------------------------------------------------------- the link

  private PairHello hello() {
    return PairHello.newBuilder()
        .setServerId(settings.serverId())
        .setIncarnation(incarnation())
        .setBeat(beat)
        .build();
  }

  private void dial() {
    if (!dialling || pending || in != null) {
      return;
    }
    long mine = ++dials;
    PairHello hello = hello();
    pending = true;
    world.dial(
        process,
        other -> {
          SimLink link = new SimLink(world.net(), process, other.process);
          other.accept(link.two, hello);
          link.one.receiver(new Greeting(link.one, mine));
        },
        refused -> {
          if (mine != dials) {
            return;
          }
          pending = false;
          following.onDialFailed(NOWHERE, refused ? LinkEnd.REFUSED : LinkEnd.UNREACHABLE, "");
          redial();
        });
  }

  private void redial() {
    process.after(20 * MILLI + process.time.random().nextLong(20 * MILLI), this::dial);
  }

  /** Waits for the other's hello. */
  private final class Greeting implements SimLink.Receiver {
    private final SimLink.End end;
    private final long mine;

    Greeting(SimLink.End end, long mine) {
      this.end = end;
      this.mine = mine;
    }

    @Override
    public void onMessage(Object message) {
      if (mine != dials || in != null) {
        end.close();
        return;
      }
      pending = false;
      PairHello peer = (PairHello) message;
      SimPairLink link =
          new SimPairLink(
              SimNode.this,
              end,
              following,
              peer,
              () -> {
                in = null;
                redial();
              });
      in = link;
      end.receiver(link);
      following.onUp(link, peer);
    }

    @Override
    public void onOver(boolean reset) {
      if (mine == dials && in == null) {
        pending = false;
        redial();
      }
    }
  }

  private void accept(SimLink.End end, PairHello hello) {
    close(out);
    SimPairLink[] link = new SimPairLink[1];
    link[0] =
        new SimPairLink(
            this,
            end,
            leading,
            hello,
            () -> {
              if (out == link[0]) {
                out = null;
              }
            });
    out = link[0];
    end.receiver(link[0]);
    end.send(hello());
    leading.onUp(link[0], hello);
  }

  // ---------------------------------------------------------------- upstreams

  /** A push arrives. */
  void push(SimBooks.Push push, ObjLongConsumer<PushResult> told) {
    if (lets()) {
      fleet.push(push, result -> told.accept(result, term()));
    } else {
      told.accept(PushResult.NOT_PRIMARY, term());
    }
  }

  void zoneReady() {
    fleet.zoneReady();
  }
}
