package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.upstream.grpc.ReplyObserver;

/** Where one request goes, chosen before it is sent. Used once, on the shard's loop. */
public interface UpstreamTarget {
  /** The process, 0 for one of the old wire, or when there is none. */
  long incarnation();

  /** Sends; the observer is told exactly once, on the shard's loop. */
  void process(UpstreamRequest request, long timeoutNanos, ReplyObserver observer);
}
