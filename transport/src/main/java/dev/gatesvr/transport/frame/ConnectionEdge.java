package dev.gatesvr.transport.frame;

import dev.gatesvr.proto.CloseCode;
import java.net.SocketAddress;

/** What a {@link FramedConnection} needs of the transport under its stream. */
public interface ConnectionEdge {
  /** The transport's name in statistics. */
  String transport();

  /** The peer's current address. Called from any thread, also after the end. */
  SocketAddress remoteAddress();

  /**
   * How long after the last write a close could still destroy it on its way to the peer; 0 where
   * the transport delivers what it took before it closes.
   */
  long lingerNanos();

  /**
   * Closes the transport's connection with a code. {@link FramedConnection#closed} follows, later
   * in this turn of the loop or in another, never within this call.
   */
  void close(CloseCode code);
}
