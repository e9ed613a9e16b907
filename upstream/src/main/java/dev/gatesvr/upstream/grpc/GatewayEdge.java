package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.GatewayServiceGrpc;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.proto.UpstreamRegisterResponse;
import dev.gatesvr.upstream.registry.RegisterResult.Refused;
import dev.gatesvr.upstream.registry.RegisterResult.Registered;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.Printable;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What upstreams call. Runs on the event loops of the server and never blocks them. Everything that
 * is wrong with a request is answered in band, as upstreams of the predecessor expect.
 */
final class GatewayEdge extends GatewayServiceGrpc.GatewayServiceImplBase {
  private static final Logger log = LoggerFactory.getLogger(GatewayEdge.class);

  private final PushPort port;
  private final UpstreamRegistry registry;

  GatewayEdge(PushPort port, UpstreamRegistry registry) {
    this.port = port;
    this.registry = registry;
  }

  @Override
  public void registerUpstream(
      UpstreamRegisterRequest request, StreamObserver<UpstreamRegisterResponse> responses) {
    UpstreamRegisterResponse.Builder response = UpstreamRegisterResponse.newBuilder();
    switch (registry.register(
        request.getAddress(),
        request.getZoneId(),
        request.getServiceName(),
        request.getIncarnation(),
        PeerAddress.hostOfCurrentCall())) {
      case Registered registered -> {
        if (registered.replaced() == null) {
          log.info("upstream {} registered", registered.instance());
        } else {
          log.debug("upstream {} replaces {}", registered.instance(), registered.replaced());
        }
        response.setSuccess(true).setMessage("registered " + registered.instance());
      }
      case Refused refused -> {
        log.warn("upstream registration refused: {} {}", refused.code(), refused.message());
        response.setErrorCode(refused.code().name()).setMessage(refused.message());
      }
    }
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public void pushToClient(
      UnicastPushRequest request, StreamObserver<UnicastPushResponse> responses) {
    Consumer<UnicastPushResponse> reply = onceTo(responses);
    UnicastPushResponse refusal = PushCheck.refusal(request);
    if (refusal != null) {
      reply.accept(refusal);
      return;
    }
    try {
      port.push(PushCheck.withKnownValues(request), reply);
    } catch (RuntimeException e) {
      log.error("push failed", e);
      reply.accept(
          UnicastPushResponse.newBuilder()
              .setErrorCode(PushErrors.INTERNAL)
              .setMessage("the gateway failed: " + Printable.plain(e.toString()))
              .build());
    }
  }

  @Override
  public void broadcastToClients(
      BroadcastRequest request, StreamObserver<BroadcastResponse> responses) {
    Consumer<BroadcastResponse> reply = onceTo(responses);
    String fault = PushCheck.fault(request);
    if (fault != null) {
      reply.accept(BroadcastResponse.newBuilder().setMessage(fault).build());
      return;
    }
    try {
      port.broadcast(PushCheck.withKnownValues(request), reply);
    } catch (RuntimeException e) {
      log.error("broadcast failed", e);
      reply.accept(
          BroadcastResponse.newBuilder()
              .setMessage("the gateway failed: " + Printable.plain(e.toString()))
              .build());
    }
  }

  /** The reply of one call: the first one counts, and a caller that has gone is no error. */
  private static <R> Consumer<R> onceTo(StreamObserver<R> responses) {
    if (responses instanceof ServerCallStreamObserver<R> call) {
      // Without a handler, answering a cancelled call throws.
      call.setOnCancelHandler(() -> {});
    }
    AtomicBoolean replied = new AtomicBoolean();
    return response -> {
      if (!replied.compareAndSet(false, true)) {
        log.error("a push was answered twice; the second answer was dropped");
        return;
      }
      responses.onNext(response);
      responses.onCompleted();
    };
  }
}
