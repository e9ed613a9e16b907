package dev.gatesvr.gateway;

import dev.gatesvr.gateway.shard.UpstreamPort;
import dev.gatesvr.gateway.shard.UpstreamTarget;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.upstream.grpc.ReplyObserver;
import dev.gatesvr.upstream.grpc.StatusProbe;
import dev.gatesvr.upstream.grpc.UpstreamCaller;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.RoundRobin;
import dev.gatesvr.upstream.route.ZoneId;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One shard's callers of upstreams: its own channels on its own loop, so that calls take no hop.
 */
final class ShardUpstreams implements UpstreamPort {
  private final UpstreamRegistry registry;
  private final UpstreamCaller caller;

  ShardUpstreams(EventLoop loop, UpstreamRegistry registry) {
    this.registry = registry;
    this.caller = new UpstreamCaller(loop, registry, new RoundRobin());
  }

  @Override
  public boolean serves(ZoneId zone) {
    return !registry.table().instances(zone).isEmpty();
  }

  @Override
  public UpstreamTarget choose(ZoneId zone, @Nullable Long attempted) {
    return new UpstreamTarget() {
      @Override
      public long incarnation() {
        return 0;
      }

      @Override
      public void process(UpstreamRequest request, long timeoutNanos, ReplyObserver observer) {
        caller.process(zone, request, timeoutNanos, observer);
      }
    };
  }

  /** Asks every instance GetStatus from this shard's loop. */
  StatusProbe probe() {
    return StatusProbe.start(caller, registry, StatusProbe.Settings.defaults());
  }

  void close() {
    caller.close();
  }
}
