package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.upstream.grpc.GrpcBounds;
import dev.gatesvr.upstream.grpc.LoopSockets;
import dev.gatesvr.upstream.route.InstanceAddress;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes the sockets of a service: the port it serves and the channels to its gateways. */
record ServiceWiring(
    UpstreamServiceBuilder settings,
    EventLoopGroup loops,
    ScheduledExecutorService linkThread,
    Executor handlerThreads) {
  /** Calls beyond the service's own bound that one connection may open to be told no. */
  private static final int CALLS_TO_REFUSE = 1_024;

  /** Finds a gateway's machine that vanished without a word; our gateways permit it. */
  private static final long KEEP_ALIVE_SECONDS = 10;

  Server bind(List<BindableService> services, ConnectionCount connections) throws IOException {
    InetSocketAddress address = settings.listen().toSocketAddress();
    if (address.isUnresolved()) {
      throw new IOException("listen address: " + settings.listen() + " (its host has no address)");
    }
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .channelType(LoopSockets.serverType(loops))
            .directExecutor()
            .flowControlWindow(GrpcBounds.FLOW_WINDOW_BYTES)
            .maxInboundMessageSize(GrpcBounds.MESSAGE_BYTES_MAX)
            .maxInboundMetadataSize(GrpcBounds.METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(settings.limits().concurrentMax() + CALLS_TO_REFUSE)
            .permitKeepAliveTime(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addTransportFilter(connections);
    services.forEach(builder::addService);
    return builder.build().start();
  }

  List<GatewayLink> links(ListenAddress listening, long incarnation, Fences fences) {
    UpstreamRegisterRequest registration =
        UpstreamRegisterRequest.newBuilder()
            .setAddress(settings.advertised(listening))
            .setZoneId(settings.zone().toString())
            .setServiceName(settings.serviceName())
            .setIncarnation(incarnation)
            .build();
    List<GatewayLink> links = new ArrayList<>();
    for (InstanceAddress gateway : settings.gateways()) {
      links.add(
          new GatewayLink(
              gateway.toString(),
              channelTo(gateway),
              registration,
              linkThread,
              settings.limits().pushTimeout().toNanos(),
              settings.observer(),
              fences));
    }
    return links;
  }

  private ManagedChannel channelTo(InstanceAddress gateway) {
    return NettyChannelBuilder.forAddress(gateway.host(), gateway.port())
        .eventLoopGroup(loops)
        .channelType(LoopSockets.clientType(loops))
        // What an author chains to a push result must not run on an event loop.
        .executor(handlerThreads)
        .usePlaintext()
        .disableRetry()
        .disableServiceConfigLookUp()
        .idleTimeout(365, TimeUnit.DAYS)
        .flowControlWindow(GrpcBounds.FLOW_WINDOW_BYTES)
        .maxInboundMessageSize(GrpcBounds.MESSAGE_BYTES_MAX)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
        .keepAliveWithoutCalls(true)
        .build();
  }
}
