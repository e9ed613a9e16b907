package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.upstream.grpc.ReplyObserver;
import dev.gatesvr.upstream.route.ZoneId;

/** A shard's way to the upstreams, on the shard's loop. */
public interface UpstreamPort {
  /** True while some instance of the zone is registered. */
  boolean serves(ZoneId zone);

  /** Calls an instance of the zone; the observer is told exactly once, on the shard's loop. */
  void process(ZoneId zone, UpstreamRequest request, long timeoutNanos, ReplyObserver observer);
}
