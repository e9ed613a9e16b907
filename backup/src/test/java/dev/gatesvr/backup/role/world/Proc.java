package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.none.NoArbiter;
import dev.gatesvr.backup.role.LinkEnd;
import dev.gatesvr.backup.role.LinkSide;
import dev.gatesvr.backup.role.RoleEffect;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.backup.role.RoleMachine;
import dev.gatesvr.backup.role.RoleSettings;
import dev.gatesvr.proto.PairRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One process of a gateway: the machine, and around it the edge that carries its effects out. */
final class Proc {
  private static final long DIAL_TIMEOUT_NANOS = 200 * Net.MS;
  private static final long REDIAL_NANOS = 20 * Net.MS;

  final String place;
  final String incarnation;
  final RoleMachine machine;
  final List<Shard> shards;
  boolean alive = true;
  private final PairWorld world;
  private final Register register;
  private final NoArbiter bare = new NoArbiter();
  private final Feed feed;
  private final Intake intake;
  private final List<Runnable> inbox = new ArrayList<>();
  private final List<Witnesses.@Nullable Report> reports =
      new ArrayList<>(Arrays.asList(null, null, null));
  private final Map<String, Evidence> toldEvidence = new HashMap<>();
  private boolean paused;
  private boolean dialling;
  private long dials;
  private long ticks;
  private PairRole role = PairRole.PAIR_STARTING;
  private Leadership leadership = Leadership.NONE;
  private @Nullable Conn dialled;
  private @Nullable Conn accepted;

  Proc(PairWorld world, RoleSettings settings) {
    this.world = world;
    place = settings.serverId();
    incarnation = settings.incarnation();
    shards = List.of(new Shard(world, this), new Shard(world, this));
    register =
        switch (settings.arbiter()) {
          case WITNESS -> new WitnessRegister(world, this);
          case ETCD -> new EtcdRegister(world, this);
          case NONE -> new BareRegister(this, bare);
        };
    machine = new RoleMachine(settings, world.time.nowNanos());
    feed = new Feed(world, this);
    intake = new Intake(world, this);
    world.time.after(0, () -> post(() -> input(new RoleInput.Tick())));
  }

  /** Runs something on this process: never when it is dead, later when it is paused. */
  void post(Runnable action) {
    if (paused) {
      inbox.add(action);
    } else if (alive) {
      action.run();
    }
  }

  /** Runs something on this process after a while. */
  void later(long nanos, Runnable action) {
    world.time.after(nanos, () -> post(action));
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    List<Runnable> waiting = new ArrayList<>(inbox);
    inbox.clear();
    waiting.forEach(this::post);
  }

  void die() {
    world.truth.note(incarnation, "dies");
    alive = false;
    inbox.clear();
    for (Conn conn : new Conn[] {dialled, accepted}) {
      if (conn != null) {
        conn.close(this, LinkEnd.RESET);
      }
    }
    world.witnesses.died(this);
  }

  boolean holds(long id) {
    return shards.stream().anyMatch(shard -> shard.holds(id));
  }

  void input(RoleInput input) {
    world.truth.note(incarnation, input);
    if (input instanceof RoleInput.BeatHeard beat) {
      bare.learn(beat.leadership());
    }
    for (RoleEffect effect : machine.on(input, world.time.nowNanos())) {
      carry(effect);
    }
    long tick = ++ticks;
    long late = world.time.random().nextInt(1000) * 1000L;
    world.time.at(
        machine.nextDeadlineNanos() + late,
        () ->
            post(
                () -> {
                  if (tick == ticks) {
                    input(new RoleInput.Tick());
                  }
                }));
  }

  private void carry(RoleEffect effect) {
    if (!(effect instanceof RoleEffect.SendBeat)) {
      world.truth.note(incarnation, " -> " + effect);
    }
    switch (effect) {
      case RoleEffect.ReadRegister read ->
          register.read(
              value ->
                  input(
                      value == null
                          ? new RoleInput.RegisterSilent()
                          : new RoleInput.RegisterRead(value)));
      case RoleEffect.Change change ->
          register.change(
              change.expected(),
              change.wanted(),
              value ->
                  input(
                      value == null
                          ? new RoleInput.ChangeUnknown()
                          : new RoleInput.ChangeDone(value)));
      case RoleEffect.Follow follow -> {
        dialling = true;
        dial(++dials);
      }
      case RoleEffect.StopFollowing stop -> stopFollowing();
      case RoleEffect.DropFollower drop -> close(accepted);
      case RoleEffect.SendBeat beat -> beat(beat);
      case RoleEffect.Refuse refuse -> {}
      case RoleEffect.Note note -> {}
      case RoleEffect.StartServing serve -> feed.start(serve.leadership());
      case RoleEffect.StopServing stop -> feed.stop();
      case RoleEffect.Admit admit -> feed.admit(admit, accepted);
      case RoleEffect.Resume resume -> feed.resume();
      case RoleEffect.HoldOutputs hold -> feed.hold();
      case RoleEffect.AwaitFollower await -> feed.await();
      case RoleEffect.ReleaseOutputs release -> feed.open();
      case RoleEffect.Freeze freeze -> feed.freeze(freeze.freeze());
      case RoleEffect.Unfreeze unfreeze -> feed.unfreeze();
      case RoleEffect.SendHandOver handOver -> feed.handOver(handOver.term());
    }
  }

  private void beat(RoleEffect.SendBeat beat) {
    role = beat.role();
    leadership = beat.leadership();
    world.witnesses.beat(this);
    for (Conn conn : new Conn[] {dialled, accepted}) {
      if (conn != null) {
        conn.send(
            this,
            to ->
                to.input(new RoleInput.BeatHeard(conn.sideOf(to), beat.role(), beat.leadership())));
      }
    }
  }

  private void stopFollowing() {
    dialling = false;
    dials++;
    close(dialled);
    dialled = null;
  }

  private void close(@Nullable Conn conn) {
    if (conn != null) {
      conn.close(this, LinkEnd.CLOSED);
    }
  }

  private void dial(long number) {
    if (!dialling || number != dials) {
      return;
    }
    Proc target = world.otherOf(this);
    boolean cut =
        target != null
            && (world.net.blocked(place, target.place) || world.net.blocked(target.place, place));
    if (target == null && !world.net.blocked(place, world.otherPlace(this))) {
      later(2 * world.net.delayNanos(), () -> dialFailed(number, LinkEnd.REFUSED));
    } else if (target == null || cut) {
      later(DIAL_TIMEOUT_NANOS, () -> dialFailed(number, LinkEnd.OTHER));
    } else {
      hello(number, new Conn(world, this, target));
    }
  }

  private void hello(long number, Conn conn) {
    dialled = conn;
    RoleInput.LinkUp mine = linkUp(LinkSide.SOURCE);
    conn.send(
        this,
        to -> {
          to.accept(conn);
          RoleInput.LinkUp theirs = to.linkUp(LinkSide.FOLLOWER);
          conn.send(to, me -> me.intake.linkUp(conn, theirs));
          to.input(mine);
        });
    later(
        DIAL_TIMEOUT_NANOS,
        () -> {
          if (conn.openAt(this) && dialled == conn && !intake.on(conn)) {
            close(conn);
            dialled = null;
            dialFailed(number, LinkEnd.OTHER);
          }
        });
  }

  private void dialFailed(long number, LinkEnd how) {
    if (dialling && number == dials) {
      input(new RoleInput.LinkDown(LinkSide.FOLLOWER, how));
      later(REDIAL_NANOS, () -> dial(number));
    }
  }

  private void accept(Conn conn) {
    close(accepted);
    accepted = conn;
    feed.linkGone();
  }

  private RoleInput.LinkUp linkUp(LinkSide side) {
    return new RoleInput.LinkUp(side, place, incarnation, role, leadership);
  }

  /** The other end closed. */
  void lost(Conn conn, LinkEnd how) {
    if (conn == accepted) {
      accepted = null;
      feed.linkGone();
      input(new RoleInput.LinkDown(LinkSide.SOURCE, how));
    } else if (conn == dialled) {
      dialled = null;
      input(new RoleInput.LinkDown(LinkSide.FOLLOWER, how));
      long number = dials;
      later(REDIAL_NANOS, () -> dial(number));
    }
  }

  /** Something between the two ended the dialled connection; the other end may not know. */
  void reset(boolean told) {
    Conn conn = dialled;
    if (conn != null && conn.openAt(this)) {
      if (told) {
        conn.close(this, LinkEnd.RESET);
      } else {
        conn.shut(this);
      }
      lost(conn, LinkEnd.RESET);
    }
  }

  Feed feed() {
    return feed;
  }

  Intake intake() {
    return intake;
  }

  /** The link on which a follower dialled this process. */
  @Nullable Conn accepted() {
    return accepted;
  }

  void reported(int witness, Witnesses.Report report) {
    reports.set(witness, report);
    for (String of : report.goneElseSilent().keySet()) {
      tell(of);
    }
    List.copyOf(toldEvidence.keySet()).forEach(this::tell);
  }

  private void tell(String of) {
    Evidence evidence = Witnesses.evidence(of, reports, world.time.nowNanos());
    if (!of.equals(incarnation) && !evidence.equals(toldEvidence.put(of, evidence))) {
      input(new RoleInput.EvidenceSeen(evidence));
    }
  }
}
