package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UnicastPushRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The gateways that a service is configured with. Thread-safe; nothing blocks and no stage fails:
 * every outcome is a value.
 */
public interface Gateways {
  /** One message for a player, wherever that player is. */
  CompletionStage<PushResult> pushToPlayer(String openid, Notice notice);

  /** One message for a session. */
  CompletionStage<PushResult> pushToSession(String sessionId, Notice notice);

  /**
   * The general form. Asked one after the other, starting with the gateway that took the last push,
   * until one accepts. A push whose answer got lost is not offered to another gateway, for the
   * player must not get it twice. One that certainly was not taken because no gateway of a pair
   * leads is held and offered again, see {@link UpstreamServiceBuilder#pushRetry}; later ones to
   * its target wait behind it.
   */
  CompletionStage<PushResult> push(UnicastPushRequest request);

  /** One message for every player of every gateway. */
  CompletionStage<BroadcastResult> broadcast(Notice notice);

  /** The configured gateways and whether the service is registered there now. */
  List<Link> links();

  /**
   * One configured gateway.
   *
   * @param gateway as configured
   * @param registered whether the service is registered there now
   */
  record Link(String gateway, boolean registered) {}
}
