package dev.gatesvr.client;

import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionAcceptor;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/**
 * How clients reach a gateway, over one transport. Thread-safe; one dialer serves thousands of
 * clients.
 */
public interface Dialer extends AutoCloseable {
  /** The loop for one more client: its core, its timers and all its connections live there. */
  ScheduledExecutorService nextLoop();

  /**
   * Connects.
   *
   * @param server resolved
   * @param loop one that {@link #nextLoop} gave
   * @param acceptor makes the connection's handler, on that loop
   * @return completes when messages may be sent; exceptionally with a message for people
   */
  CompletionStage<Connection> dial(
      InetSocketAddress server,
      ScheduledExecutorService loop,
      ConnectionAcceptor<ServerPush> acceptor);

  /** Closes every connection that is left; waits for it, so not on a loop. */
  @Override
  void close();
}
