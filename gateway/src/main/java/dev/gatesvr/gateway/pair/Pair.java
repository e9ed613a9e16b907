package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.LinkDialler;
import dev.gatesvr.backup.link.LinkServer;
import dev.gatesvr.backup.link.LinkSettings;
import dev.gatesvr.backup.link.PairLink;
import dev.gatesvr.backup.register.Arbiter;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.backup.register.none.NoArbiter;
import dev.gatesvr.backup.role.LinkSide;
import dev.gatesvr.backup.role.RoleEffect;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.backup.role.RoleMachine;
import dev.gatesvr.gateway.admin.PairStatus;
import dev.gatesvr.gateway.admin.PairView;
import dev.gatesvr.gateway.replica.ReplicaStatus;
import dev.gatesvr.gateway.replica.ReplicationMode;
import dev.gatesvr.gateway.replica.StandbySession;
import dev.gatesvr.gateway.replica.StandbySessions;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairRole;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This gateway's part in the pair; the package has the picture. Everything happens on the pair's
 * loop; {@link #input} and {@link #close} may be called on any thread.
 */
public final class Pair implements PairView, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pair.class);

  private final PairSettings settings;
  private final EventLoop loop;
  private final Arbiter arbiter;
  private final RoleMachine machine;
  private final Fleet fleet;
  private final StandbySessions standby;
  private final PairLead lead;
  private final PairPort port;
  private final FollowingSide following;
  private final LeadingSide leading;
  private final History history = new History();
  private final Operator operator;
  private final ArrayDeque<RoleInput> inputs = new ArrayDeque<>();
  private final LinkSettings linkSettings;
  private final PairReport report;
  private final RegisterClient register;
  private final Flushing flushing;
  private final LeadBoard board;
  private volatile PairStatus status = PairStatus.SINGLE;
  private @Nullable LinkServer server;
  private @Nullable LinkDialler dialler;
  private @Nullable ScheduledFuture<?> tick;
  private long tickNanos;
  private long lastTurnNanos = System.nanoTime();
  private long doubtEndNanos = lastTurnNanos;
  private boolean carryingOut;

  /** The register says so. */
  private boolean serving;

  /** And every session is here. */
  private boolean open;

  /** What leaves waits for the follower. */
  private boolean dependsOnFollower;

  /** What the register held, as far as known, before the input that is under way. */
  private Leadership replaced = Leadership.NONE;

  private long servings;
  private boolean closed;
  private PairBeat beat = PairBeat.newBuilder().setRole(PairRole.PAIR_STARTING).build();

  /**
   * @param loop the pair's own
   * @param arbiter closed with this
   */
  public Pair(
      PairSettings settings,
      EventLoop loop,
      Arbiter arbiter,
      List<SessionShard> shards,
      StandbySessions standby,
      PairLead lead,
      PairPort port) {
    this.settings = settings;
    this.loop = loop;
    this.arbiter = arbiter;
    this.fleet = new Fleet(shards);
    this.standby = standby;
    this.lead = lead;
    this.port = port;
    this.machine = new RoleMachine(settings.role(), System.nanoTime());
    this.following = new FollowingSide(standby, port, this::input, System::nanoTime);
    this.leading =
        new LeadingSide(
            loop,
            fleet,
            settings.role().incarnation(),
            port,
            () -> machine.status().leadership().term(),
            this::input);
    this.operator = new Operator(settings.role().incarnation());
    this.register = new RegisterClient(arbiter, this::input);
    this.flushing =
        new Flushing(loop, fleet, port, () -> machine.status().frozen() && !closed, this::input);
    this.board = new LeadBoard(settings, lead);
    this.linkSettings = settings.link(loop, () -> beat);
    this.report = new PairReport(settings, fleet, standby, history, leading, following, port);
  }

  /**
   * Listens for the other, and begins.
   *
   * @throws IOException when an address cannot be bound
   */
  public void start() throws IOException {
    server = LinkServer.bind(settings.listen(), linkSettings, leading);
    arbiter.observe(new Reports(this::input));
    input(new RoleInput.Tick());
  }

  /** Where this gateway waits for the other. */
  public List<InetSocketAddress> addresses() {
    LinkServer bound = server;
    return bound == null ? List.of() : bound.addresses();
  }

  // ---------------------------------------------------------------- inputs

  /** Something happened. Any thread. */
  public void input(RoleInput input) {
    if (loop.inEventLoop()) {
      take(input);
    } else {
      execute(() -> take(input));
    }
  }

  private void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the pair's loop has ended", e);
    }
  }

  private void take(RoleInput input) {
    if (closed) {
      return;
    }
    noticePause();
    inputs.add(input);
    if (carryingOut) {
      // What an effect brings about comes after the effects of the input before it.
      return;
    }
    carryingOut = true;
    try {
      while (!inputs.isEmpty()) {
        RoleInput next = inputs.remove();
        note(next);
        replaced = machine.status().leadership();
        for (RoleEffect effect : machine.on(next, System.nanoTime())) {
          carryOut(effect);
        }
      }
    } finally {
      carryingOut = false;
    }
    settle();
  }

  /** After a pause of this process old beats come first; they prove nothing. */
  private void noticePause() {
    long now = System.nanoTime();
    if (now - lastTurnNanos > settings.heartbeatTimeout().toNanos() / 2) {
      doubtEndNanos = now + settings.heartbeatInterval().toNanos();
    }
    lastTurnNanos = now;
  }

  private void note(RoleInput input) {
    switch (input) {
      case RoleInput.LinkDown down when down.side() == LinkSide.FOLLOWER ->
          history.lostPrimary(System.nanoTime());
      case RoleInput.LinkUp up when up.side() == LinkSide.FOLLOWER -> history.foundPrimary();
      case RoleInput.HandOverReceived received -> history.handOver();
      case RoleInput.BeatHeard heard -> beatHeard(heard);
      default -> {}
    }
  }

  private void beatHeard(RoleInput.BeatHeard heard) {
    if (arbiter instanceof NoArbiter none) {
      none.learn(heard.leadership());
    }
    long now = System.nanoTime();
    if (heard.side() == LinkSide.SOURCE && dependsOnFollower && now - doubtEndNanos >= 0) {
      lead.heard(now);
    }
  }

  private void settle() {
    operator.settle(machine.status());
    publishLead();
    status = report.now(machine.status(), serving);
    arm();
  }

  private void arm() {
    long deadline = machine.nextDeadlineNanos();
    ScheduledFuture<?> armed = tick;
    if (armed != null && tickNanos - deadline <= 0 && !armed.isDone()) {
      return;
    }
    if (armed != null) {
      armed.cancel(false);
    }
    tickNanos = deadline;
    long delay = Math.max(0, deadline - System.nanoTime());
    tick = loop.schedule(this::onTick, delay, TimeUnit.NANOSECONDS);
  }

  private void onTick() {
    tick = null;
    leading.sendKeys();
    if (outputsWaitTooLong()) {
      take(new RoleInput.AckStalled());
    }
    take(new RoleInput.Tick());
  }

  private boolean outputsWaitTooLong() {
    long now = System.nanoTime();
    for (ReplicaStatus status : fleet.statuses()) {
      boolean waits = status.waiting() > 0 && status.waitingSinceNanos() != 0;
      if (waits && now - status.waitingSinceNanos() > settings.role().syncTimeoutNanos()) {
        return serving;
      }
    }
    return false;
  }

  // ---------------------------------------------------------------- effects

  private void carryOut(RoleEffect effect) {
    switch (effect) {
      case RoleEffect.ReadRegister read -> register.read();
      case RoleEffect.Change change -> register.change(change);
      case RoleEffect.Follow follow -> {
        if (dialler == null) {
          dialler = LinkDialler.start(settings.peer(), linkSettings, following);
        }
      }
      case RoleEffect.StopFollowing stop -> stopFollowing();
      case RoleEffect.DropFollower drop -> {
        leading.end();
        close(leading.link(), "dropped by the primary");
      }
      case RoleEffect.StartServing start -> startServing(start.leadership());
      case RoleEffect.StopServing stop -> stopServing(stop.reason());
      case RoleEffect.Admit admit -> leading.admit(admit.admission());
      case RoleEffect.Resume resume -> leading.resume();
      case RoleEffect.HoldOutputs hold -> fleet.shut();
      case RoleEffect.AwaitFollower await -> {
        dependsOnFollower = true;
        lead.heard(System.nanoTime());
        fleet.awaitFollower();
      }
      case RoleEffect.ReleaseOutputs release -> {
        leading.end();
        dependsOnFollower = false;
        lead.alone();
        fleet.open();
      }
      case RoleEffect.Freeze freeze -> freeze(freeze.freeze());
      case RoleEffect.Unfreeze unfreeze -> operator.unfrozen();
      case RoleEffect.SendHandOver handOver ->
          flushing.sendHandOver(handOver.term(), leading.link());
      case RoleEffect.SendBeat said -> sendBeat(said);
      case RoleEffect.Refuse refuse -> operator.refused(refuse);
      case RoleEffect.Note note -> say(note);
    }
  }

  private void stopFollowing() {
    LinkDialler old = dialler;
    dialler = null;
    if (old != null) {
      var unused = old.close("this gateway follows no more");
    }
  }

  private static void close(@Nullable PairLink link, String why) {
    if (link != null) {
      link.close(why);
    }
  }

  private void startServing(Leadership leadership) {
    // No upstream may be told of a term that pushes are not answered with.
    publishLead();
    port.leads(settings.pair(), leadership.term(), settings.role().incarnation());
    if (serving) {
      return;
    }
    serving = true;
    long mine = ++servings;
    // Whoever was left out lacks what the other acknowledged alone: its copy would lose it
    // silently.
    boolean inSync = replaced.inSync().contains(settings.role().incarnation());
    boolean tookOver = standby.whole() && inSync;
    port.numbersFrom(standby.highestNumber());
    Collection<StandbySession> sessions = tookOver ? standby.take() : List.of();
    standby.clear();
    following.taken();
    history.serves(System.nanoTime(), tookOver);
    boolean sameHistory = settings.mode() == ReplicationMode.SYNC;
    var unused =
        fleet
            .adopt(sessions, sameHistory)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    log.error("sessions could not be taken over", failure);
                  }
                  execute(() -> adopted(mine, sessions.size()));
                });
  }

  private void adopted(long which, int sessions) {
    if (which == servings && serving) {
      open = true;
      publishLead();
      log.info("serving {} sessions of the other gateway", sessions);
      port.serves();
    }
  }

  private void stopServing(String reason) {
    serving = false;
    open = false;
    dependsOnFollower = false;
    lead.alone();
    leading.end();
    history.gaveAway();
    publishLead();
    log.warn("serving no more: {}", reason);
    var unused =
        fleet
            .depose(lead.now().gateways())
            .whenComplete((done, failure) -> input(new RoleInput.Stopped()));
  }

  private void freeze(long number) {
    operator.frozen(System.nanoTime());
    history.handOver();
    publishLead();
    flushing.begin(number);
  }

  private void sendBeat(RoleEffect.SendBeat said) {
    beat =
        PairBeat.newBuilder()
            .setRole(said.role())
            .setLeadership(LeadershipWire.toWire(said.leadership()))
            .build();
    PairLink out = leading.link();
    PairLink in = following.link();
    if (out != null) {
      out.beatNow();
    }
    if (in != null) {
      in.beatNow();
    }
  }

  private void say(RoleEffect.Note note) {
    history.changed(note.text(), System.currentTimeMillis());
    switch (note.level()) {
      case INFO -> log.info("{}", note.text());
      case WARN -> log.warn("{}", note.text());
      case ERROR -> log.error("{}", note.text());
    }
  }

  // ---------------------------------------------------------------- what others read

  private void publishLead() {
    PairLink out = leading.link();
    board.publish(machine.status(), serving && open, out == null ? following.link() : out);
  }

  @Override
  public PairStatus status() {
    return status;
  }

  @Override
  public CompletionStage<SwitchResult> switchOver() {
    CompletableFuture<SwitchResult> outcome = new CompletableFuture<>();
    execute(
        () -> {
          if (operator.switchOver(outcome)) {
            take(new RoleInput.SwitchOver());
          }
        });
    return outcome;
  }

  @Override
  public CompletionStage<SwitchResult> forceLead() {
    CompletableFuture<SwitchResult> outcome = new CompletableFuture<>();
    execute(
        () -> {
          if (operator.forceLead(outcome)) {
            take(new RoleInput.ForceLead());
          }
        });
    return outcome;
  }

  /** Leaves the pair; the sessions stay as they are. */
  @Override
  public void close() {
    execute(
        () -> {
          closed = true;
          stopFollowing();
          leading.end();
          if (tick != null) {
            tick.cancel(false);
          }
          LinkServer bound = server;
          if (bound != null) {
            var unused = bound.close("the gateway stops");
          }
        });
    arbiter.close();
  }
}
