package dev.gatesvr.upstream.service;

import dev.gatesvr.upstream.grpc.GrpcBounds;
import dev.gatesvr.upstream.grpc.LoopSockets;
import dev.gatesvr.upstream.service.witness.Witness;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A witness with a port of its own and nothing else: a tie-breaker needs no zone. Thread-safe.
 *
 * <p>Threads: {@code witness-io}, and those of {@link Witness}.
 */
public final class WitnessServer implements AutoCloseable {
  /** More than all gateways of all pairs ask for at once. */
  private static final int CALLS_PER_CONNECTION_MAX = 256;

  private static final long KEEP_ALIVE_PERMIT_SECONDS = 5;

  private final Witness witness;
  private final EventLoopGroup loops;
  private final Server server;
  private final ListenAddress listening;

  private WitnessServer(ListenAddress listen, Witness witness) throws IOException {
    this.witness = witness;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("witness-io", true), LoopSockets.newIo());
    try {
      server = bind(listen);
    } catch (IOException | RuntimeException e) {
      close(loops);
      throw e;
    }
    listening = listen.withPort(server.getPort());
  }

  /**
   * Reads the votes, binds and serves.
   *
   * @param listen {@code host:port}, or {@code :port} for every interface; port 0 for a free one
   * @param directory for the votes of this witness alone
   * @param create true on the very first start, and only then; see {@link
   *     UpstreamServiceBuilder#witness(Path, boolean)}
   * @throws IOException when the address cannot be bound, or ({@code WitnessMemoryException}) the
   *     witness cannot have its votes
   * @throws IllegalArgumentException when {@code listen} is no address
   */
  public static WitnessServer start(String listen, Path directory, boolean create)
      throws IOException {
    ListenAddress address = ListenAddress.parse(listen);
    Witness witness = Witness.open(directory, create);
    try {
      return new WitnessServer(address, witness);
    } catch (IOException | RuntimeException e) {
      witness.close();
      throw e;
    }
  }

  private Server bind(ListenAddress listen) throws IOException {
    InetSocketAddress address = listen.toSocketAddress();
    if (address.isUnresolved()) {
      throw new IOException("listen address: " + listen + " (its host has no address)");
    }
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    return NettyServerBuilder.forAddress(address)
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .channelType(LoopSockets.serverType(loops))
        .directExecutor()
        .maxInboundMessageSize(64 * 1024)
        .maxInboundMetadataSize(GrpcBounds.METADATA_BYTES_MAX)
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
        .permitKeepAliveTime(KEEP_ALIVE_PERMIT_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addService(witness.service())
        .addService(health.getHealthService())
        .build()
        .start();
  }

  /** The bound port. */
  public int port() {
    return listening.port();
  }

  /** The listening address with the bound port, as it was given. */
  public String address() {
    return listening.toString();
  }

  /** Ends everything; blocks for at most three seconds. */
  @Override
  public void close() {
    witness.close();
    server.shutdownNow();
    try {
      server.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(loops);
  }

  private static void close(EventLoopGroup loops) {
    var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
