package dev.gatesvr.gateway.shard;

import dev.gatesvr.upstream.grpc.UpstreamFailure;
import dev.gatesvr.upstream.route.ZoneId;
import java.net.SocketAddress;

/** Told of what goes wrong, on any loop and as often as it happens: counts and logs, bounded. */
public interface Troubles {
  /**
   * A player broke the protocol.
   *
   * @param kind a word of a small fixed set
   */
  void protocolError(String kind, SocketAddress remote);

  /** A request got no answer from its zone. */
  void upstreamFailed(ZoneId zone, UpstreamFailure failure, String detail);

  /**
   * An observer of sessions threw.
   *
   * @param event the callback, a word of a small fixed set
   */
  void observerFailed(String event, RuntimeException failure);
}
