package dev.gatesvr.upstream.service;

import static dev.gatesvr.upstream.support.Gateway.request;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.grpc.UpstreamFailure;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.support.Await;
import dev.gatesvr.upstream.support.Gateway;
import dev.gatesvr.upstream.support.RecordingPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A gateway, services that are registered there, and what must be closed at the end. */
final class ServiceRig implements AutoCloseable {
  static final ZoneId ZONE = ZoneId.ZONE_003;
  static final Duration LONG = Duration.ofSeconds(30);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Gateway gateway;

  ServiceRig() throws IOException {
    gateway = closing(new Gateway(new RecordingPort("s", "player-1")));
  }

  Gateway gateway() {
    return gateway;
  }

  UpstreamServiceBuilder builder() {
    return UpstreamService.builder()
        .zone("003")
        .listen("127.0.0.1:0")
        .gateway(gateway.address())
        .serviceName("test");
  }

  /** Returns when the gateway knows exactly this service and the service knows that. */
  UpstreamService start(UpstreamServiceBuilder builder) throws Exception {
    UpstreamService service = closing(builder.start());
    Await.until("the link knows", () -> service.gateways().links().get(0).registered());
    Await.until(
        "the gateway knows",
        () ->
            gateway.registry().table().instances(ZONE).stream()
                .anyMatch(instance -> instance.incarnation() == service.incarnation()));
    return service;
  }

  CompletableFuture<UpstreamResponse> process(String action, long seqId) {
    return process(request("s", action, seqId), LONG);
  }

  CompletableFuture<UpstreamResponse> process(UpstreamRequest request, Duration timeout) {
    return gateway.process(ZONE, request, timeout);
  }

  <T extends AutoCloseable> T closing(T part) {
    parts.add(part);
    return part;
  }

  static UpstreamResponse get(CompletableFuture<UpstreamResponse> answer) throws Exception {
    return answer.get(40, TimeUnit.SECONDS);
  }

  static UpstreamFailure failureOf(CompletableFuture<UpstreamResponse> answer) throws Exception {
    try {
      throw new AssertionError("answered: " + get(answer));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Gateway.Failed failed) {
        return failed.failure();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
