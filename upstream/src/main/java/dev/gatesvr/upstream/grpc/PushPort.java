package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import java.util.function.Consumer;

/**
 * Who takes the pushes that upstreams send. Called on an event loop of the gRPC server, in the
 * order in which one upstream connection sent them: must not block.
 *
 * <p>A reply may come from any thread and must come exactly once; a second one is dropped and
 * logged. What is thrown becomes an answer with error code {@code INTERNAL}.
 */
public interface PushPort {
  /**
   * One message for one player.
   *
   * @param request its target is {@code session} or {@code openid} with an id that is not empty; a
   *     BEFORE or AFTER push names the request it is bound to; an unknown hint came as IMMEDIATELY
   */
  void push(UnicastPushRequest request, Consumer<UnicastPushResponse> reply);

  /** One message for everybody here. */
  void broadcast(BroadcastRequest request, Consumer<BroadcastResponse> reply);
}
