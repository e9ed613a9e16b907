package dev.gatesvr.cmd.upstream;

import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.service.UpstreamService;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/** Asks a running service GetStatus, for container health checks. Blocks. */
final class HealthCheck {
  private static final long TIMEOUT_SECONDS = 2;

  private HealthCheck() {}

  /**
   * Asks once.
   *
   * @return empty when it is healthy, else one line that says why not
   */
  static String problemOf(InstanceAddress address) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
    try {
      StatusResponse response =
          UpstreamServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
              .getStatus(StatusRequest.getDefaultInstance());
      return response.getStatus().equals(UpstreamService.STATUS_HEALTHY)
          ? ""
          : "status: "
              + response.getStatus()
              + " (expected: "
              + UpstreamService.STATUS_HEALTHY
              + ")";
    } catch (StatusRuntimeException e) {
      return String.valueOf(e.getMessage());
    } finally {
      channel.shutdownNow();
    }
  }
}
