package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairHello;
import java.net.SocketAddress;

/**
 * Who is at the other end of a link.
 *
 * @param hello what it said first, within the bounds of {@link LinkIdentity}
 * @param version the newest version of the link that both speak
 * @param address where its socket is
 */
public record PeerInfo(PairHello hello, int version, SocketAddress address) {
  /** The name of its node. */
  public String serverId() {
    return hello.getServerId();
  }

  /** The name of its process. */
  public String incarnation() {
    return hello.getIncarnation();
  }
}
