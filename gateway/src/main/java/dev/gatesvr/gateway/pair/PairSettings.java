package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.LinkIdentity;
import dev.gatesvr.backup.link.LinkSecurity;
import dev.gatesvr.backup.link.LinkSettings;
import dev.gatesvr.backup.link.LinkTimes;
import dev.gatesvr.backup.role.RoleSettings;
import dev.gatesvr.gateway.replica.ReplicationMode;
import dev.gatesvr.proto.PairBeat;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a pair is started with.
 *
 * @param pair its name
 * @param playerAddress host:port of this gateway for players
 * @param listen where this gateway waits for the other
 * @param peer where the other waits
 * @param witnesses how many there are
 * @param security of the link
 * @param heartbeatInterval between two beats
 * @param heartbeatTimeout silence after which the other is suspected
 * @param frameBytesMax the largest entry, and a little
 * @param sendBytesMax the windows of all logs together, and a little
 */
public record PairSettings(
    String pair,
    RoleSettings role,
    ReplicationMode mode,
    String playerAddress,
    List<InetSocketAddress> listen,
    List<InetSocketAddress> peer,
    int witnesses,
    LinkSecurity security,
    Duration heartbeatInterval,
    Duration heartbeatTimeout,
    int frameBytesMax,
    int sendBytesMax) {
  public PairSettings {
    listen = List.copyOf(listen);
    peer = List.copyOf(peer);
  }

  /** What the links of this process share. */
  LinkSettings link(EventLoop loop, Supplier<PairBeat> beat) {
    return new LinkSettings(
        loop,
        LinkIdentity.of(pair, role.serverId(), role.incarnation(), playerAddress),
        security,
        LinkTimes.of(heartbeatInterval, heartbeatTimeout),
        frameBytesMax,
        sendBytesMax,
        beat);
  }
}
