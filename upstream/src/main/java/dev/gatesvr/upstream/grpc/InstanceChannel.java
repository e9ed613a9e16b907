package dev.gatesvr.upstream.grpc;

import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.UpstreamInstance;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * One loop's channel to one instance. Confined to that loop.
 *
 * <p>gRPC waits up to two minutes between attempts to connect; an instance that is back must not
 * wait that long, so {@link #nudge} cuts the wait short when a request wants it.
 */
final class InstanceChannel {
  private static final long NUDGE_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** gRPC-Go servers accept pings every five minutes while calls are active. */
  private static final long KEEP_ALIVE_MINUTES = 6;

  private final ManagedChannel channel;
  private UpstreamInstance instance;
  private long lastNudgeNanos;

  InstanceChannel(EventLoop loop, UpstreamInstance instance, long nowNanos) {
    this.instance = instance;
    this.lastNudgeNanos = nowNanos;
    this.channel = open(loop, instance);
    // Connects now, so that the first request finds a connection.
    channel.getState(true);
  }

  private static ManagedChannel open(EventLoop loop, UpstreamInstance instance) {
    NettyChannelBuilder builder =
        builderFor(instance.address())
            .eventLoopGroup(loop)
            .channelType(LoopSockets.clientType(loop))
            .directExecutor()
            .usePlaintext()
            // A retry needs a copy of every request and a second state machine; see package-info.
            .disableRetry()
            .disableServiceConfigLookUp()
            .maxTraceEvents(0)
            // An idle channel would drop its connection and make the next player wait for one.
            .idleTimeout(365, TimeUnit.DAYS)
            .flowControlWindow(GrpcBounds.FLOW_WINDOW_BYTES)
            .maxInboundMessageSize(GrpcBounds.MESSAGE_BYTES_MAX)
            .maxInboundMetadataSize(GrpcBounds.METADATA_BYTES_MAX)
            .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES);
    if (LoopSockets.isEpoll(loop)) {
      // A machine that vanished without a reset is noticed by its silence, not by every deadline.
      builder.withOption(EpollChannelOption.TCP_USER_TIMEOUT, GrpcBounds.UNACKED_TIMEOUT_MILLIS);
    }
    return builder.build();
  }

  /** A literal address needs no resolver, whose answers would come on a thread of gRPC. */
  private static NettyChannelBuilder builderFor(InstanceAddress address) {
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address.host());
    return literal == null
        ? NettyChannelBuilder.forAddress(address.host(), address.port())
        : NettyChannelBuilder.forAddress(new InetSocketAddress(literal, address.port()));
  }

  UpstreamInstance instance() {
    return instance;
  }

  ManagedChannel grpc() {
    return channel;
  }

  /** True when the last attempt to connect failed, so that a call would fail at once. */
  boolean failing() {
    return channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE;
  }

  /** True when a call would be written now; else a connection is under way, or asked for. */
  boolean connected(long nowNanos) {
    ConnectivityState state = channel.getState(true);
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      nudge(nowNanos);
    }
    return state == ConnectivityState.READY;
  }

  /** The instance registered again while this channel works. */
  void renewed(UpstreamInstance newer) {
    instance = newer;
  }

  /** Asks for an attempt to connect, at most one a second. */
  void nudge(long nowNanos) {
    if (nowNanos - lastNudgeNanos >= NUDGE_INTERVAL_NANOS) {
      lastNudgeNanos = nowNanos;
      channel.resetConnectBackoff();
    }
  }

  /** Takes no new call; those under way end by themselves, at their deadline at the latest. */
  void retire() {
    channel.shutdown();
  }

  /** Ends everything under way. */
  void abort() {
    channel.shutdownNow();
  }
}
