package dev.gatesvr.bench.baseline;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.transport.quic.QuicListenerConfig;
import dev.gatesvr.transport.quic.TlsIdentity;
import dev.gatesvr.upstream.grpc.GrpcBounds;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A bare server as a process: says where it listens, and ends with its standard input, so that it
 * does not outlive whoever started it.
 */
@Command(name = "bench bare", description = "A bare server to compare the gateway with.")
public final class BareMain implements Callable<Integer> {
  /** Precedes the address in the one line that is printed. */
  public static final String READY = "listening on ";

  /** Which server. */
  enum Kind {
    /** QUIC, every frame sent back. */
    ECHO,
    /** QUIC, every frame sent through a unary call to a zone. */
    RELAY,
    /** QUIC, every frame sent back, and after it as many others as it asks for. */
    REPEAT,
    /** The gRPC server behind both. */
    ZONE
  }

  @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}")
  private Kind kind = Kind.ECHO;

  @Option(names = "--cert", paramLabel = "FILE", description = "Certificate chain, PEM.")
  private Path cert = Path.of("certs/server.crt");

  @Option(names = "--key", paramLabel = "FILE", description = "Its key, PEM.")
  private Path key = Path.of("certs/server.key");

  @Option(names = "--upstream-port", paramLabel = "PORT", description = "RELAY: the zone's port.")
  private @Nullable Integer upstreamPort;

  @Override
  public Integer call() throws IOException {
    try (IoLoops loops = IoLoops.open(1)) {
      int port =
          switch (kind) {
            case ECHO -> quic(loops, EchoStream::new);
            case RELAY -> relay(loops);
            case REPEAT -> quic(loops, RepeatStream::new);
            case ZONE -> EchoZone.start(loops).getPort();
          };
      System.out.println(READY + "127.0.0.1:" + port);
      while (System.in.read() >= 0) {
        // Until it ends.
      }
    }
    return Cli.OK;
  }

  private int quic(IoLoops loops, Supplier<ChannelHandler> streams) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    QuicListenerConfig config = QuicListenerConfig.of(any, TlsIdentity.ofPem(cert, key));
    return new BareQuic(config, streams).bind(loops).getPort();
  }

  /** The channel's settings are those of the gateway's own channels to instances. */
  private int relay(IoLoops loops) throws IOException {
    if (upstreamPort == null) {
      throw new IllegalArgumentException("--upstream-port is missing");
    }
    ManagedChannel upstream =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), upstreamPort))
            .eventLoopGroup(loops.group())
            .channelType(loops.socketChannel())
            .directExecutor()
            .usePlaintext()
            .disableRetry()
            .disableServiceConfigLookUp()
            .maxTraceEvents(0)
            .idleTimeout(365, TimeUnit.DAYS)
            .flowControlWindow(GrpcBounds.FLOW_WINDOW_BYTES)
            .maxInboundMessageSize(GrpcBounds.MESSAGE_BYTES_MAX)
            .build();
    return quic(loops, () -> new RelayStream(upstream));
  }
}
