package dev.gatesvr.gateway;

import dev.gatesvr.gateway.shard.UpstreamPort;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.upstream.grpc.Choice;
import dev.gatesvr.upstream.grpc.Dispatch;
import dev.gatesvr.upstream.grpc.FenceGate;
import dev.gatesvr.upstream.grpc.FenceListener;
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
  private final FenceGate fences;
  private final UpstreamCaller caller;

  /**
   * @param fences which instances may be called; shared by all shards
   * @param fenced told when an upstream knows a higher term
   */
  ShardUpstreams(
      EventLoop loop, UpstreamRegistry registry, FenceGate fences, FenceListener fenced) {
    this.registry = registry;
    this.fences = fences;
    this.caller = new UpstreamCaller(loop, registry, new RoundRobin(), fences, fenced);
  }

  @Override
  public boolean serves(ZoneId zone) {
    return !registry.table().instances(zone).isEmpty();
  }

  @Override
  public boolean ready(ZoneId zone) {
    return fences.ready(zone);
  }

  @Override
  public @Nullable Choice choose(ZoneId zone, UpstreamRequest request) {
    return caller.choose(zone, request);
  }

  @Override
  public void send(
      Choice choice,
      UpstreamRequest request,
      long timeoutNanos,
      Dispatch dispatch,
      ReplyObserver observer) {
    caller.send(choice, request, timeoutNanos, dispatch, observer);
  }

  UpstreamCaller caller() {
    return caller;
  }

  /** Asks every instance GetStatus from this shard's loop. */
  StatusProbe probe() {
    return StatusProbe.start(caller, registry, StatusProbe.Settings.defaults());
  }

  void close() {
    caller.close();
  }
}
