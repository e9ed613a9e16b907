package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.upstream.grpc.LoopSockets;
import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.service.witness.Witness;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running upstream service: a listening port, handlers, and a registration with each gateway.
 * Thread-safe. See the package for what it promises; make one with {@link #builder}.
 *
 * <p>Threads: {@code upstream-io} (at most two event loops), {@code upstream-links}, and a virtual
 * thread for each session that has a request running. As a witness also those of {@link Witness}.
 */
public final class UpstreamService implements AutoCloseable {
  /** What GetStatus says while requests are taken. */
  public static final String STATUS_HEALTHY = "healthy";

  /** What GetStatus says while the service stops. */
  public static final String STATUS_DRAINING = "draining";

  private static final Logger log = LoggerFactory.getLogger(UpstreamService.class);
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);
  private static final int IO_THREADS_MAX = 2;

  private final ZoneId zone;
  private final String serviceName;
  private final ListenAddress listening;
  private final EventLoopGroup loops;
  private final ScheduledThreadPoolExecutor linkThread;
  private final ExecutorService handlerThreads;
  private final ConnectionCount connections = new ConnectionCount();
  private final HealthStatusManager health = new HealthStatusManager();
  private final GatewayFleet gateways;
  private final long incarnation = newIncarnation();
  private final Fences fences = new Fences();
  private final SessionLanes lanes;
  private final RequestEdge edge;
  private final @Nullable Witness witness;
  private final Server server;
  private final long startNanos = System.nanoTime();
  private final AtomicBoolean stopping = new AtomicBoolean();

  /** Binds, then registers in the background. */
  UpstreamService(UpstreamServiceBuilder settings) throws IOException {
    witness = settings.openWitness();
    zone = settings.zone();
    serviceName = settings.serviceName();
    loops =
        new MultiThreadIoEventLoopGroup(
            Math.min(IO_THREADS_MAX, Runtime.getRuntime().availableProcessors()),
            new DefaultThreadFactory("upstream-io", true),
            LoopSockets.newIo());
    linkThread =
        new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("upstream-links", true));
    linkThread.setRemoveOnCancelPolicy(true);
    handlerThreads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("upstream-handler-", 0).factory());
    ServiceLimits limits = settings.limits();
    lanes = new SessionLanes(handlerThreads, limits.concurrentMax(), limits.perSessionMax());
    ServiceWiring wiring = new ServiceWiring(settings, loops, linkThread, handlerThreads);
    gateways = new GatewayFleet(fences, handlerThreads, linkThread, settings.pushRetry().toNanos());
    edge = new RequestEdge(settings, incarnation, lanes, gateways, fences, this::status);
    try {
      server = wiring.bind(services(), connections);
      listening = settings.listen().withPort(server.getPort());
      gateways.start(wiring.links(listening, incarnation, fences));
    } catch (IOException | RuntimeException e) {
      stopThreads();
      throw e;
    }
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    log.info("service {} of zone {} listens on {}", serviceName, zone, listening);
  }

  public static UpstreamServiceBuilder builder() {
    return new UpstreamServiceBuilder();
  }

  public ZoneId zone() {
    return zone;
  }

  /** The bound port. */
  public int port() {
    return listening.port();
  }

  /** The listening address with the bound port, as it was configured. */
  public String address() {
    return listening.toString();
  }

  /** The random number that names this process to the gateways, as unsigned and never 0. */
  public long incarnation() {
    return incarnation;
  }

  private static long newIncarnation() {
    SecureRandom random = new SecureRandom();
    long drawn = random.nextLong();
    while (drawn == 0) {
      drawn = random.nextLong();
    }
    return drawn;
  }

  /** For messages that belong to no request. */
  public Gateways gateways() {
    return gateways;
  }

  /** Counters as of now. */
  public ServiceStats stats() {
    return new ServiceStats(
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos),
        connections.open(),
        lanes.unfinished(),
        edge.handled(),
        edge.refused(),
        edge.repeated(),
        edge.unknown(),
        edge.fenced());
  }

  private StatusResponse status() {
    ServiceStats stats = stats();
    return StatusResponse.newBuilder()
        .setStatus(stopping.get() ? STATUS_DRAINING : STATUS_HEALTHY)
        .setUptime(stats.uptimeSeconds())
        .setActiveConnections(stats.connections())
        .putMetadata("zone", zone.toString())
        .putMetadata("service", serviceName)
        .putMetadata("running", Integer.toString(stats.running()))
        .putMetadata("handled", Long.toString(stats.handled()))
        .putMetadata("refused", Long.toString(stats.refused()))
        .putMetadata("repeated", Long.toString(stats.repeated()))
        .putMetadata("outcome_unknown", Long.toString(stats.outcomeUnknown()))
        .putMetadata("fenced", Long.toString(stats.fenced()))
        .putMetadata("pushes_held", Integer.toString(gateways.heldPushes()))
        .putMetadata("terms", Printable.plain(fences.terms().toString()))
        .build();
  }

  /**
   * Takes no more requests, lets those under way finish and be answered, then closes everything.
   * Blocks up to the grace; handlers still running then are interrupted. A second call does
   * nothing.
   */
  public void stop(Duration grace) {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    health.enterTerminalState();
    // Its watches never end by themselves.
    closeWitness();
    server.shutdown();
    try {
      if (!server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("{} requests were still running after {}", lanes.unfinished(), grace);
      }
      server.shutdownNow();
      gateways.close(TimeUnit.SECONDS.toNanos(1));
      // An answer needs its event loop.
      handlerThreads.shutdownNow();
      if (!handlerThreads.awaitTermination(1, TimeUnit.SECONDS)) {
        log.warn("a handler does not end although it was interrupted");
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    stopThreads();
    log.info("service {} of zone {} stopped", serviceName, zone);
  }

  /** Stops with five seconds for what is under way. */
  @Override
  public void close() {
    stop(CLOSE_GRACE);
  }

  private List<BindableService> services() {
    List<BindableService> services =
        new ArrayList<>(
            List.of(edge, new FenceEdge(fences, incarnation), health.getHealthService()));
    if (witness != null) {
      services.add(witness.service());
    }
    return services;
  }

  private void closeWitness() {
    if (witness != null) {
      witness.close();
    }
  }

  private void stopThreads() {
    closeWitness();
    handlerThreads.shutdownNow();
    linkThread.shutdownNow();
    var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
