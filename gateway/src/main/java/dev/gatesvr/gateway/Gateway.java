package dev.gatesvr.gateway;

import dev.gatesvr.gateway.admin.AdminServer;
import dev.gatesvr.gateway.admin.MetricsServer;
import dev.gatesvr.gateway.admin.PairView;
import dev.gatesvr.gateway.auth.Authenticator;
import dev.gatesvr.gateway.auth.setup.Identity;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.GatewayConfig;
import dev.gatesvr.gateway.config.ServerConfig;
import dev.gatesvr.gateway.config.SessionConfig;
import dev.gatesvr.gateway.front.FrontDoor;
import dev.gatesvr.gateway.lifecycle.SessionObserver;
import dev.gatesvr.gateway.lifecycle.SessionObservers;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.offline.OfflineStore;
import dev.gatesvr.gateway.overload.OverloadGuard;
import dev.gatesvr.gateway.pair.PairLead;
import dev.gatesvr.gateway.push.PushRouter;
import dev.gatesvr.gateway.replica.ShardReplica;
import dev.gatesvr.gateway.shard.ReplayBudget;
import dev.gatesvr.gateway.shard.SessionDirectory;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.gateway.shard.ShardContext;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.session.SessionLimits;
import dev.gatesvr.transport.Listener;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.transport.quic.AddressValidation;
import dev.gatesvr.transport.quic.QuicListener;
import dev.gatesvr.transport.quic.QuicListenerConfig;
import dev.gatesvr.transport.quic.TlsIdentity;
import dev.gatesvr.upstream.grpc.FenceGate;
import dev.gatesvr.upstream.grpc.GatewayGrpcServer;
import dev.gatesvr.upstream.grpc.StatusProbe;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway. {@link #start} returns when every port is bound; {@link #stop} ends it. */
public final class Gateway {
  /** More sessions than a gateway can make in a millisecond; the numbers stay below 2^53. */
  private static final int NUMBERS_PER_MILLI_BITS = 12;

  private static final Logger log = LoggerFactory.getLogger(Gateway.class);

  /** How many packets-worth of silence a player may have: a few missed heartbeats. */
  private static final double IDLE_HEARTBEATS = 2.5;

  /** Handshakes and refusals under way count too, until they are over. */
  private static final int CONNECTIONS_HELD_MIN = 1_000;

  /** One of the store's stripes each time: expired messages are gone after six seconds. */
  private static final int SWEEP_MILLIS = 100;

  private static final Duration IDLE_MIN = Duration.ofSeconds(10);
  private static final Duration FAREWELL = Duration.ofSeconds(1);
  private static final Duration GRPC_GRACE = Duration.ofMillis(500);

  private final GatewayConfig config;
  private final IoLoops loops;
  private final GatewayMetrics metrics = new GatewayMetrics();
  private final EventLog troubles;
  private final OverloadGuard guard;
  private final Identity identity;
  private final SessionDirectory directory;
  private final PairLead lead;
  private final FenceGate fences = new FenceGate();

  /** Above every number of a gateway that ran before, whose resume tokens may still come. */
  private final AtomicLong numbers =
      new AtomicLong(System.currentTimeMillis() << NUMBERS_PER_MILLI_BITS);

  private final OfflineStore offline;
  private final UpstreamRegistry registry = new UpstreamRegistry();
  private final List<ShardUpstreams> upstreams = new ArrayList<>();
  private final List<SessionShard> shards = new ArrayList<>();
  private final StatusProbe probe;
  private final LiveView view;
  private @Nullable Listener players;
  private @Nullable GatewayGrpcServer grpc;
  private @Nullable AdminServer admin;
  private @Nullable MetricsServer metricsServer;
  private volatile @Nullable GatewayPair pair;

  private Gateway(GatewayConfig config, List<SessionObserver> observers) {
    this.config = config;
    lead =
        new PairLead(
            config.backup().enabled() ? config.backup().pair() : "",
            config.backup().heartbeat().timeout());
    identity = Identity.open(config.auth(), InstantSource.system(), metrics::error);
    int threads = config.server().ioThreads();
    loops = IoLoops.open(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    long nowNanos = System.nanoTime();
    troubles = new EventLog(metrics, nowNanos);
    guard =
        new OverloadGuard(
            config.overloadProtection(), new OverloadLog(metrics, nowNanos), nowNanos);
    directory = new SessionDirectory(config.session().sessionsMax());
    offline = new OfflineStore(config.offline(), new OfflineCounts(metrics));
    openShards(new SessionObservers(observers, troubles::observerFailed));
    probe = upstreams.getFirst().probe();
    view =
        new LiveView(config, metrics, guard, directory, shards, registry, offline, probe::statuses);
  }

  /**
   * Starts a gateway with a configuration.
   *
   * @throws ConfigException when a port is taken or the certificate or a key file cannot be used,
   *     naming the key
   */
  public static Gateway start(GatewayConfig config) {
    return startWith(config, Identity::authenticator, List.of());
  }

  /** The same with another check of logins than {@code auth.mode} says. */
  public static Gateway start(GatewayConfig config, Authenticator authenticator) {
    return start(config, authenticator, List.of());
  }

  /**
   * The same with observers that are told what happens to sessions.
   *
   * @throws ConfigException as above
   */
  public static Gateway start(
      GatewayConfig config, Authenticator authenticator, List<SessionObserver> observers) {
    return startWith(config, identity -> authenticator, observers);
  }

  private static Gateway startWith(
      GatewayConfig config,
      Function<Identity, Authenticator> authenticator,
      List<SessionObserver> observers) {
    TlsIdentity certificate = certificate(config.server());
    Gateway gateway = new Gateway(config, observers);
    try {
      gateway.bind(certificate, authenticator.apply(gateway.identity));
      return gateway;
    } catch (RuntimeException e) {
      gateway.release();
      throw e;
    }
  }

  private static TlsIdentity certificate(ServerConfig server) {
    requireFile("server.cert_file", server.certFile());
    requireFile("server.key_file", server.keyFile());
    try {
      return TlsIdentity.ofPem(Path.of(server.certFile()), Path.of(server.keyFile()));
    } catch (IOException | IllegalArgumentException e) {
      throw ConfigException.of(
          "server.cert_file",
          server.certFile() + " with " + server.keyFile(),
          "a PEM certificate chain and its private key: " + e.getMessage());
    }
  }

  private static void requireFile(String key, String file) {
    if (!Files.isReadable(Path.of(file))) {
      throw ConfigException.of(
          key, file, "a readable PEM file; `make certs` or `gencerts` makes one");
    }
  }

  private void openShards(SessionObservers observers) {
    ShardContext context =
        new ShardContext(
            directory,
            limits(config),
            guard,
            metrics,
            troubles,
            config.overloadProtection().upstreamTimeout().toNanos(),
            (int) config.server().heartbeatInterval().toSeconds(),
            new ReplayBudget(config.session().replayBytesTotalMax()),
            identity.resumeTokens()::seal,
            tokenRefreshNanos(config),
            offline,
            observers,
            lead);
    for (int index = 0; index < loops.size(); index++) {
      ShardUpstreams port =
          new ShardUpstreams(
              loops.loop(index), registry, fences, (fencedPair, term) -> fencedBy(term));
      upstreams.add(port);
      ShardReplica replica = PairParts.replica(index, loops.loop(index), config);
      shards.add(new SessionShard(index, loops.loop(index), context, port, numbers, replica));
    }
    shards.forEach(SessionShard::open);
    if (offline.enabled()) {
      var unused =
          loops
              .loop(0)
              .scheduleWithFixedDelay(
                  () -> offline.sweep(System.nanoTime()),
                  SWEEP_MILLIS,
                  SWEEP_MILLIS,
                  TimeUnit.MILLISECONDS);
    }
  }

  /** Early enough that a token outlives the session that it resumes. */
  private static long tokenRefreshNanos(GatewayConfig config) {
    Duration ttl = config.auth().resumeTokenTtl();
    return ttl.minus(config.server().sessionTimeout()).dividedBy(2).toNanos();
  }

  private static SessionLimits limits(GatewayConfig config) {
    ServerConfig server = config.server();
    SessionConfig session = config.session();
    // The suggested interval varies by a tenth, so that a fleet does not beat in step.
    long beatNanos = server.heartbeatInterval().toNanos() * 11 / 10;
    return new SessionLimits(
        session.replayMessagesMax(),
        session.replayBytesMax(),
        session.replayAgeMax().toNanos(),
        session.outstandingRequestsMax(),
        session.outstandingBytesMax(),
        session.boundNotifiesMax(),
        config.overloadProtection().upstreamTimeout().toNanos(),
        new SessionLimits.Times(
            server.sessionTimeout().toNanos(),
            server.ackTimeout().toNanos(),
            server.maxRetries(),
            beatNanos * server.heartbeatMissesMax(),
            session.slowTimeout().toNanos()));
  }

  private void bind(TlsIdentity certificate, Authenticator authenticator) {
    ServerConfig server = config.server();
    FrontDoor door =
        new FrontDoor(
            shards, authenticator, identity.resumeTokens(), guard, metrics, troubles, lead);
    PushRouter pushes = new PushRouter(directory, shards, offline, metrics);
    grpc =
        bound(
            "server.grpc_addr",
            server.grpcAddr(),
            at ->
                GatewayGrpcServer.start(
                    at, loops.group(), loops.group(), pushes, registry, lead::facts));
    players =
        bound(
            "server.quic_addr",
            server.quicAddr(),
            at ->
                QuicListener.bind(
                    quicConfig(at, certificate),
                    loops,
                    door,
                    ClientRequest.parser(),
                    metrics.observer()));
    PairView pairView = openPair(door);
    admin =
        bound(
            "server.http_addr",
            server.httpAddr(),
            at ->
                AdminServer.start(at, view, new LiveSessions(directory), pairView, config.admin()));
    metricsServer =
        bound(
            "server.metrics_addr",
            server.metricsAddr(),
            at -> MetricsServer.start(at, metrics, view, pairView));
    view.accepting(true);
    log.info(
        "listening: players {} (QUIC, {} {} loops), upstreams {}, http {}, metrics {}",
        quicAddress(),
        loops.size(),
        loops.kind(),
        grpcAddress(),
        httpAddress(),
        metricsAddress());
  }

  private PairView openPair(FrontDoor door) {
    if (!config.backup().enabled()) {
      return PairView.NONE;
    }
    GatewayPair opened =
        GatewayPair.open(
            config,
            new GatewayPair.Parts(
                shards,
                guard,
                directory,
                registry,
                fences,
                upstreams.getFirst().caller(),
                lead,
                identity.sharedKeys(),
                numbers,
                limits(config),
                quicAddress()),
            door::offerToAll);
    pair = opened;
    return opened.view();
  }

  private void fencedBy(long term) {
    GatewayPair opened = pair;
    if (opened != null) {
      opened.fencedBy(term);
    }
  }

  private QuicListenerConfig quicConfig(InetSocketAddress at, TlsIdentity certificate) {
    ServerConfig server = config.server();
    int connectionsMax = config.overloadProtection().maxConnections();
    long idleMillis = (long) (server.heartbeatInterval().toMillis() * IDLE_HEARTBEATS);
    return QuicListenerConfig.of(at, certificate)
        .withIdleTimeout(Duration.ofMillis(Math.max(idleMillis, IDLE_MIN.toMillis())))
        .withConnectionsMax(Math.max(CONNECTIONS_HELD_MIN, 2 * connectionsMax))
        .withAddressValidation(
            AddressValidation.valueOf(server.addressValidation().name()),
            Math.max(1, connectionsMax / 4));
  }

  private interface Binding<T> {
    T at(InetSocketAddress address) throws IOException;
  }

  private static <T> T bound(String key, String address, Binding<T> binding) {
    try {
      return binding.at(BindAddress.parse(key, address));
    } catch (IOException e) {
      throw ConfigException.of(key, address, "an address to bind: " + e.getMessage());
    }
  }

  // ---------------------------------------------------------------- addresses

  /** Where players connect. */
  public InetSocketAddress quicAddress() {
    return started(players).localAddress();
  }

  /** Where operators ask. */
  public InetSocketAddress httpAddress() {
    return started(admin).localAddress();
  }

  /** Where upstreams register and push. */
  public InetSocketAddress grpcAddress() {
    InetSocketAddress asked = BindAddress.parse("server.grpc_addr", config.server().grpcAddr());
    return new InetSocketAddress(asked.getAddress(), started(grpc).port());
  }

  /** Where Prometheus scrapes. */
  public InetSocketAddress metricsAddress() {
    return started(metricsServer).localAddress();
  }

  /** Where the other gateway of a pair finds this one. */
  public InetSocketAddress pairAddress() {
    return started(pair).address();
  }

  /** For tests that act on single sessions from the inside. */
  SessionDirectory directory() {
    return directory;
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the gateway has not started");
    }
    return part;
  }

  // ---------------------------------------------------------------- the end

  /**
   * Stops gracefully: no new connections or requests, those in flight finish within
   * shutdown_timeout, players are told, everything is released. Blocks; not for event loops.
   */
  public void stop() {
    log.info("stopping: {} players, {} requests", guard.connections(), guard.upstreamCalls());
    view.accepting(false);
    guard.stop();
    started(players).stopAccepting();
    boolean finished = await(config.server().shutdownTimeout(), () -> guard.upstreamCalls() == 0);
    if (!finished) {
      log.warn("stopping: {} requests did not finish in time", guard.upstreamCalls());
    }
    sendPlayersAway();
    release();
    log.info("stopped");
  }

  private void sendPlayersAway() {
    CountDownLatch told = new CountDownLatch(shards.size());
    shards.forEach(shard -> shard.execute(() -> shard.sendEverybodyAway(told::countDown)));
    long deadline = System.nanoTime() + FAREWELL.toNanos();
    try {
      if (!told.await(FAREWELL.toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("stopping: not every player could be told");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    await(
        Duration.ofNanos(Math.max(0, deadline - System.nanoTime())),
        () -> guard.connections() == 0);
  }

  private void release() {
    Listener listener = players;
    if (listener != null) {
      await(FAREWELL, listener.close().toCompletableFuture()::isDone);
    }
    if (grpc != null) {
      grpc.stop(GRPC_GRACE);
    }
    GatewayPair opened = pair;
    if (opened != null) {
      opened.close();
    }
    probe.close();
    upstreams.forEach(ShardUpstreams::close);
    shards.forEach(SessionShard::stopClock);
    if (admin != null) {
      admin.close();
    }
    if (metricsServer != null) {
      metricsServer.close();
    }
    identity.close();
    loops.close();
  }

  /** Waits on the caller's own thread; true when the condition held in time. */
  private static boolean await(Duration timeout, BooleanSupplier condition) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return true;
  }
}
