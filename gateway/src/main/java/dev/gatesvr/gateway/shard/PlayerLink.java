package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import java.net.SocketAddress;

/**
 * A session's way to its connection, called on the session's shard. At most one link of a session
 * is current; what an older one still reports is ignored.
 */
interface PlayerLink {
  /**
   * Hands over one message.
   *
   * @return false when nothing is taken now; the shard is told when that changes
   */
  boolean transmit(ServerPush push);

  /** Ends the connection after what was handed over. */
  void close(CloseCode code);

  String transport();

  SocketAddress remoteAddress();
}
