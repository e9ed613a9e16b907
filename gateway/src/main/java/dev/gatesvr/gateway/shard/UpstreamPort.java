package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.upstream.grpc.Choice;
import dev.gatesvr.upstream.grpc.Dispatch;
import dev.gatesvr.upstream.grpc.ReplyObserver;
import dev.gatesvr.upstream.route.ZoneId;
import org.jspecify.annotations.Nullable;

/** A shard's way to the upstreams, on the shard's loop. */
public interface UpstreamPort {
  /** True while some instance of the zone is registered. */
  boolean serves(ZoneId zone);

  /** False while instances of the zone have not recorded the term of this gateway. */
  boolean ready(ZoneId zone);

  /** Chooses where a request goes; null when nobody of the zone may get it. */
  @Nullable Choice choose(ZoneId zone, UpstreamRequest request);

  /**
   * Sends it there.
   *
   * @param dispatch asked before it goes to another process
   * @param observer told exactly once, on the shard's loop
   */
  void send(
      Choice choice,
      UpstreamRequest request,
      long timeoutNanos,
      Dispatch dispatch,
      ReplyObserver observer);
}
