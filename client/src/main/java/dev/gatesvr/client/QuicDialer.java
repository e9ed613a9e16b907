package dev.gatesvr.client;

import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.transport.quic.QuicClientConfig;
import dev.gatesvr.transport.quic.QuicConnector;
import dev.gatesvr.transport.quic.ServerTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects with QUIC, all connections over a few UDP sockets. Thread-safe. Owns its sockets, and
 * its loops only when it opened them itself.
 */
public final class QuicDialer implements Dialer {
  private static final Logger log = LoggerFactory.getLogger(QuicDialer.class);
  private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

  private final IoLoops loops;
  private final boolean ownsLoops;
  private final QuicConnector connector;
  private final AtomicInteger next = new AtomicInteger();

  private QuicDialer(IoLoops loops, boolean ownsLoops, QuicConnector connector) {
    this.loops = loops;
    this.ownsLoops = ownsLoops;
    this.connector = connector;
  }

  /** A dialer over loops that the caller closes after it. */
  public static QuicDialer over(IoLoops loops, QuicClientConfig config) throws IOException {
    return open(loops, false, config);
  }

  /** A dialer with loops of its own. */
  public static QuicDialer withLoops(int loopCount, QuicClientConfig config) throws IOException {
    IoLoops loops = IoLoops.open(loopCount);
    try {
      return open(loops, true, config);
    } catch (IOException | RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  private static QuicDialer open(IoLoops loops, boolean ownsLoops, QuicClientConfig config)
      throws IOException {
    if (config.trust() instanceof ServerTrust.Anybody) {
      log.warn("certificates are not verified: anybody can pretend to be the gateway");
    }
    return new QuicDialer(
        loops, ownsLoops, QuicConnector.open(config, loops, TransportObserver.NONE));
  }

  @Override
  public ScheduledExecutorService nextLoop() {
    return loops.loop(Math.floorMod(next.getAndIncrement(), loops.size()));
  }

  @Override
  public CompletionStage<Connection> dial(
      InetSocketAddress server,
      ScheduledExecutorService loop,
      ConnectionAcceptor<ServerPush> acceptor) {
    return connector.connect(server, loops.indexOf(loop), acceptor, ServerPush.parser());
  }

  @Override
  public void close() {
    connector
        .close()
        .toCompletableFuture()
        .completeOnTimeout(null, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .join();
    if (ownsLoops) {
      loops.close();
    }
  }
}
