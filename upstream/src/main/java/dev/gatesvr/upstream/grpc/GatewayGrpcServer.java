package dev.gatesvr.upstream.grpc;

import dev.gatesvr.upstream.registry.UpstreamRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The port where upstreams register and push, with {@code grpc.health.v1} beside it. Runs on event
 * loops that stay the owner's and adds no thread. Thread-safe.
 */
public final class GatewayGrpcServer {
  /** Pushes of one upstream connection that may wait for their answer. */
  private static final int CALLS_PER_CONNECTION_MAX = 1_024;

  /** A connection that never becomes HTTP/2. */
  private static final long HANDSHAKE_TIMEOUT_SECONDS = 10;

  /** The most impatient keep-alive that gRPC clients can be set to is 10 s; half of it. */
  private static final long KEEP_ALIVE_PERMIT_SECONDS = 5;

  private final Server server;
  private final int port;
  private final HealthStatusManager health;

  private GatewayGrpcServer(Server server, HealthStatusManager health) {
    this.server = server;
    this.port = server.getPort();
    this.health = health;
  }

  /** Binds and serves for a gateway without a pair. */
  public static GatewayGrpcServer start(
      InetSocketAddress address,
      EventLoopGroup boss,
      EventLoopGroup workers,
      PushPort port,
      UpstreamRegistry registry)
      throws IOException {
    return start(address, boss, workers, port, registry, () -> PairFacts.NONE);
  }

  /**
   * Binds and serves.
   *
   * @param address where to listen; port 0 takes a free one, see {@link #port}
   * @param boss accepts connections
   * @param workers serve them
   * @param pair asked for every call, on event loops; while it says standby, pushes are refused
   *     with {@link PushErrors#NOT_PRIMARY} and the port is not called
   * @throws IOException when the address cannot be bound
   */
  public static GatewayGrpcServer start(
      InetSocketAddress address,
      EventLoopGroup boss,
      EventLoopGroup workers,
      PushPort port,
      UpstreamRegistry registry,
      Supplier<PairFacts> pair)
      throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    Server server =
        NettyServerBuilder.forAddress(address)
            .bossEventLoopGroup(boss)
            .workerEventLoopGroup(workers)
            .channelType(LoopSockets.serverType(boss))
            .directExecutor()
            .flowControlWindow(GrpcBounds.FLOW_WINDOW_BYTES)
            .maxInboundMessageSize(GrpcBounds.MESSAGE_BYTES_MAX)
            .maxInboundMetadataSize(GrpcBounds.METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .handshakeTimeout(HANDSHAKE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(KEEP_ALIVE_PERMIT_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(
                ServerInterceptors.interceptForward(
                    new GatewayEdge(port, registry, pair), new PeerAddress()))
            .addService(health.getHealthService())
            .build()
            .start();
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    return new GatewayGrpcServer(server, health);
  }

  /** The bound port, also after {@link #stop}. */
  public int port() {
    return port;
  }

  /**
   * Takes no more calls, lets those under way finish, then closes every connection. Blocks up to
   * the grace; never call it on an event loop.
   */
  public void stop(Duration grace) {
    health.enterTerminalState();
    server.shutdown();
    try {
      if (!server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
