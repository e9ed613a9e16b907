package dev.gatesvr.gateway.shard;

import dev.gatesvr.gateway.admin.GatewayView.SessionView;
import dev.gatesvr.gateway.admin.SessionAdmin.SessionDetail;
import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.gateway.lifecycle.SessionObservers;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.metrics.ShardTimings;
import dev.gatesvr.gateway.offline.OfflineStore;
import dev.gatesvr.gateway.overload.OverloadGuard;
import dev.gatesvr.gateway.replica.ShardReplica;
import dev.gatesvr.gateway.replica.StandbySession;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.LogEntry;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.StartDecision;
import dev.gatesvr.session.StartRules;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.route.ZoneRouter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one I/O loop. Everything runs on that loop, except {@link #execute} and {@link
 * #loop}, which any thread may call.
 */
public final class SessionShard {
  private static final int SESSION_ID_BYTES = 12;
  private static final int SLICE_SESSIONS = 256;

  private final int index;
  private final EventLoop loop;
  private final ShardContext context;
  private final UpstreamPort upstream;
  private final ShardTimings timings;
  private final DeadlineWheel wheel;
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong numbers;
  private final ShardReplica replica;
  private final ZoneWaits zoneWaits = new ZoneWaits();
  private final List<PlayerSession> sessions = new ArrayList<>();
  private final long originNanos = System.nanoTime();
  private final AtomicLong queuedMessages = new AtomicLong();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong droppedForCapacity = new AtomicLong();
  private final AtomicLong droppedForAge = new AtomicLong();
  private @Nullable ScheduledFuture<?> ticks;

  /** Bytes that the process's budget has not heard of yet. */
  private long uncountedBytes;

  /**
   * @param numbers numbers sessions in the order of their creation, over all shards
   */
  public SessionShard(
      int index,
      EventLoop loop,
      ShardContext context,
      UpstreamPort upstream,
      AtomicLong numbers,
      ShardReplica replica) {
    this.index = index;
    this.loop = loop;
    this.context = context;
    this.upstream = upstream;
    this.timings = context.metrics().forShard(index);
    this.wheel = new DeadlineWheel(System.nanoTime());
    this.numbers = numbers;
    this.replica = replica;
  }

  /** Starts the shard's clock; call once, from any thread. */
  public void open() {
    execute(
        () ->
            ticks =
                loop.scheduleAtFixedRate(
                    () -> wheel.advance(System.nanoTime()),
                    DeadlineWheel.TICK_NANOS,
                    DeadlineWheel.TICK_NANOS,
                    TimeUnit.NANOSECONDS));
  }

  /** Stops the clock; sessions are left as they are. */
  public void stopClock() {
    execute(
        () -> {
          if (ticks != null) {
            ticks.cancel(false);
          }
        });
  }

  /** Runs a task on this shard: at once when the caller is on its loop, else after one hop. */
  public void execute(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  public EventLoop loop() {
    return loop;
  }

  public int index() {
    return index;
  }

  // ---------------------------------------------------------------- starts

  /**
   * Resumes the player's session or makes a new one, wherever it lives: a session that another
   * shard owns gets the command passed on.
   */
  public void start(StartCommand command) {
    ResumeClaim claim = command.claim();
    PlayerSession existing =
        claim == null
            ? context.directory().ofOpenid(command.start().getOpenid())
            : context.directory().ofSessionId(claim.sessionId());
    if (existing != null && existing.shard() != this) {
      existing.shard().execute(() -> existing.shard().start(command));
      return;
    }
    long nowNanos = System.nanoTime();
    switch (decide(existing, command)) {
      case StartDecision.Resume resume when existing != null -> {
        context.metrics().sessionResumed();
        attach(existing, command, resume, nowNanos);
      }
      case StartDecision.Resume resume ->
          throw new IllegalStateException("resume without a session: " + resume);
      case StartDecision.Fresh fresh -> {
        if (existing != null) {
          existing.kick(Kicked.Reason.REPLACED, "");
        }
        create(command, fresh, nowNanos);
      }
      case StartDecision.Refuse refuse ->
          command
              .connection()
              .loop()
              .execute(() -> command.binding().onResumeRefused(command.msgId(), refuse.why()));
      case StartDecision.Replaced replaced ->
          command.connection().loop().execute(() -> command.binding().onReplaced());
    }
  }

  private StartDecision decide(@Nullable PlayerSession existing, StartCommand command) {
    ResumeClaim claim = command.claim();
    Session session = existing == null ? null : existing.core();
    if (claim == null) {
      return StartRules.login(session, command.start());
    }
    boolean itsOwn =
        existing != null
            && existing.openid().equals(claim.openid())
            && existing.number() == claim.generation();
    PlayerSession newest = context.directory().ofOpenid(claim.openid());
    boolean newerLogin = newest != null && newest.number() > claim.generation();
    return StartRules.resume(itsOwn ? session : null, claim.attach(), newerLogin, command.start());
  }

  private void create(StartCommand command, StartDecision.Fresh fresh, long nowNanos) {
    if (context.directory().full()) {
      command.connection().loop().execute(() -> command.binding().onRefused("too many sessions"));
      return;
    }
    String openid = command.start().getOpenid();
    PlayerSession.Names names =
        new PlayerSession.Names(
            numbers.incrementAndGet(), newSessionId(), openid, ZoneRouter.zoneOf(openid));
    PlayerSession player =
        new PlayerSession(
            this,
            names,
            new Session(newEpoch(), context.limits(), replica.recorder(), nowNanos),
            nowNanos,
            System.currentTimeMillis());
    if (context.directory().claim(player) != null) {
      // Another shard was first with a login of the same player: that session decides.
      start(command);
      return;
    }
    player.slot = sessions.size();
    sessions.add(player);
    context.metrics().sessionCreated();
    player.introduce(nowNanos);
    player.facts().created();
    // After the claim: who stores from now on looks again and finds this session.
    player.takeStored(nowNanos);
    attach(player, command, fresh, nowNanos);
  }

  private void attach(
      PlayerSession player, StartCommand command, StartDecision.Attach decision, long nowNanos) {
    Connection connection = command.connection();
    if (connection.onLoop()) {
      LocalLink link = new LocalLink(player, connection);
      player.attach(link, command, decision, () -> command.binding().onAttached(link), nowNanos);
    } else {
      RemoteLink link = newRemoteLink(player, connection);
      Attachment attachment = new RemoteAttachment(player, link, connection);
      // Queued before the first message of the session, on the same loop.
      player.attach(
          link,
          command,
          decision,
          () -> connection.loop().execute(() -> command.binding().onAttached(attachment)),
          nowNanos);
    }
  }

  private RemoteLink newRemoteLink(PlayerSession player, Connection connection) {
    RemoteLink[] link = new RemoteLink[1];
    link[0] = new RemoteLink(connection, this, () -> player.onWritable(link[0]));
    return link[0];
  }

  void remove(PlayerSession player) {
    wheel.clear(player);
    context.directory().remove(player);
    player.removed();
    PlayerSession last = sessions.getLast();
    if (player.slot < sessions.size() && sessions.get(player.slot) == player) {
      sessions.set(player.slot, last);
      last.slot = player.slot;
      sessions.removeLast();
    }
  }

  private String newSessionId() {
    byte[] id = new byte[SESSION_ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** Never 0, which means none on the wire. */
  private long newEpoch() {
    return random.nextLong() | 1;
  }

  // ---------------------------------------------------------------- the pair

  /** This shard's log and what waits for the standby. */
  public ShardReplica replica() {
    return replica;
  }

  Lead lead() {
    return context.lead().now();
  }

  /** Makes every live session of this shard one by one, as a snapshot has it. */
  public Iterator<LogEntry> snapshot() {
    return new SessionSnapshot(List.copyOf(sessions), System::nanoTime);
  }

  /** Sessions that this gateway held as a standby, and that are its own now. */
  public void adopt(List<StandbySession> standbys, boolean sameHistory) {
    long nowNanos = System.nanoTime();
    long nowMillis = System.currentTimeMillis();
    for (StandbySession standby : standbys) {
      PlayerSession.Names names =
          new PlayerSession.Names(
              standby.number(),
              standby.sessionId(),
              standby.openid(),
              ZoneRouter.zoneOf(standby.openid()));
      Session session = standby.session();
      session.takeOver(replica.recorder(), sameHistory ? session.epoch() : newEpoch(), nowNanos);
      PlayerSession player = new PlayerSession(this, names, session, nowNanos, nowMillis);
      if (context.directory().claim(player) == null) {
        player.facts().restore(standby.attributes());
        context.guard().requestsAdopted(session.outstandingRequests());
        player.slot = sessions.size();
        sessions.add(player);
        context.metrics().sessionCreated();
        player.facts().created();
        player.introduce(nowNanos);
        player.resumeRequests();
      }
    }
  }

  /**
   * Runs a task when the zone can be called.
   *
   * @param abandon instead, when this gateway stops to lead before
   */
  void whenReady(ZoneId zone, Runnable task, Runnable abandon) {
    zoneWaits.add(zone, task, abandon);
  }

  /** The zone can be called: what waits for it starts. */
  public void zoneReady(ZoneId zone) {
    zoneWaits.ready(zone);
  }

  /**
   * Another gateway leads: every session is there, and every player is sent there, a slice per
   * turn.
   *
   * @param gateways where players connect, best first
   */
  public void depose(List<String> gateways, Runnable done) {
    replica.depose();
    zoneWaits.abandon();
    slices(
        List.copyOf(sessions),
        player -> {
          player.moveAway(Answers.goAway(player.core().protocolLevel(), 0, gateways));
          return true;
        },
        sent -> done.run());
  }

  // ---------------------------------------------------------------- all sessions

  /**
   * Pushes to every session of this shard, a slice per turn of the loop.
   *
   * @param shared everything but the position, the same for all
   * @param delivery what gives way when a session is full
   * @param done told how many sessions took it
   */
  public void broadcast(ServerPush shared, Delivery delivery, IntConsumer done) {
    List<PlayerSession> receivers = List.copyOf(sessions);
    slices(receivers, player -> player.broadcast(shared, delivery), done);
  }

  /** Tells every attached player that the gateway stops, and closes, a slice per turn. */
  public void sendEverybodyAway(Runnable done) {
    slices(
        List.copyOf(sessions),
        player -> {
          player.sendAway();
          return true;
        },
        sent -> done.run());
  }

  /** Views of some of this shard's sessions; those that ended meanwhile are left out. */
  public List<SessionView> views(List<PlayerSession> asked) {
    List<SessionView> views = new ArrayList<>(asked.size());
    for (PlayerSession player : asked) {
      if (context.directory().ofSessionId(player.sessionId()) == player) {
        views.add(player.view());
      }
    }
    return views;
  }

  /** The same with all details. */
  public List<SessionDetail> details(List<PlayerSession> asked) {
    List<SessionDetail> details = new ArrayList<>(asked.size());
    for (PlayerSession player : asked) {
      if (context.directory().ofSessionId(player.sessionId()) == player) {
        details.add(player.detail());
      }
    }
    return details;
  }

  private interface Step {
    boolean apply(PlayerSession player);
  }

  private void slices(List<PlayerSession> players, Step step, IntConsumer done) {
    slice(players, 0, 0, step, done);
  }

  private void slice(
      List<PlayerSession> players, int from, int taken, Step step, IntConsumer done) {
    int to = Math.min(from + SLICE_SESSIONS, players.size());
    int count = taken;
    for (PlayerSession player : players.subList(from, to)) {
      if (step.apply(player)) {
        count++;
      }
    }
    int total = count;
    if (to == players.size()) {
      done.accept(total);
    } else {
      loop.execute(() -> slice(players, to, total, step, done));
    }
  }

  /** Messages kept for sending or replay, over all sessions. Any thread. */
  public long queuedMessages() {
    return queuedMessages.get();
  }

  /** Their bytes. Any thread. */
  public long queuedBytes() {
    return queuedBytes.get();
  }

  /** Messages that gave way to newer ones and became a gap, so far. Any thread. */
  public long droppedForCapacity() {
    return droppedForCapacity.get();
  }

  /** Messages that grew too old and became a gap, so far. Any thread. */
  public long droppedForAge() {
    return droppedForAge.get();
  }

  /** Adds to the totals, which only this shard's loop writes. */
  void count(int messages, long bytes) {
    droppedForCapacity.lazySet(replica.recorder().droppedForCapacity());
    droppedForAge.lazySet(replica.recorder().droppedForAge());
    queuedMessages.lazySet(queuedMessages.getPlain() + messages);
    queuedBytes.lazySet(queuedBytes.getPlain() + bytes);
    uncountedBytes += bytes;
    if (Math.abs(uncountedBytes) >= ReplayBudget.PORTION_BYTES) {
      context.budget().add(uncountedBytes);
      uncountedBytes = 0;
    }
  }

  /** True while all sessions of the process hold as much as they may. */
  boolean memoryFull() {
    return context.budget().full();
  }

  TokenSealer tokens() {
    return context.tokens();
  }

  long tokenRefreshNanos() {
    return context.tokenRefreshNanos();
  }

  // ---------------------------------------------------------------- what its sessions use

  boolean serves(ZoneId zone) {
    return upstream.serves(zone);
  }

  UpstreamPort upstream() {
    return upstream;
  }

  OverloadGuard guard() {
    return context.guard();
  }

  GatewayMetrics metrics() {
    return context.metrics();
  }

  Troubles troubles() {
    return context.troubles();
  }

  ShardTimings timings() {
    return timings;
  }

  DeadlineWheel wheel() {
    return wheel;
  }

  long upstreamTimeoutNanos() {
    return context.upstreamTimeoutNanos();
  }

  int sessionTimeoutMillis() {
    long millis = TimeUnit.NANOSECONDS.toMillis(context.limits().times().sessionTimeoutNanos());
    return (int) Math.min(Integer.MAX_VALUE, millis);
  }

  /** What clients are asked for between two heartbeats, give or take a tenth. */
  public int heartbeatSeconds() {
    return context.heartbeatSeconds();
  }

  OfflineStore offline() {
    return context.offline();
  }

  SessionObservers observers() {
    return context.observers();
  }

  /** This shard's own clock for round trips, from 1. */
  long micros(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos - originNanos) + 1;
  }
}
