package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.GatewayServiceGrpc;
import dev.gatesvr.proto.PushOutcome;
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
import java.util.function.Supplier;
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
  private final Supplier<PairFacts> pair;

  /**
   * @param pair asked when a call arrives: its answer carries what held then, so that nothing that
   *     was taken in an older term is acknowledged under a newer one
   */
  GatewayEdge(PushPort port, UpstreamRegistry registry, Supplier<PairFacts> pair) {
    this.port = port;
    this.registry = registry;
    this.pair = pair;
  }

  @Override
  public void registerUpstream(
      UpstreamRegisterRequest request, StreamObserver<UpstreamRegisterResponse> responses) {
    PairFacts facts = pair.get();
    UpstreamRegisterResponse.Builder response =
        UpstreamRegisterResponse.newBuilder()
            .setStandby(facts.standby())
            .setGatewayTerm(facts.term())
            .setGatewayPair(facts.pair());
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
    PairFacts facts = pair.get();
    Consumer<UnicastPushResponse> once = onceTo(responses);
    Consumer<UnicastPushResponse> reply =
        facts.pair().isEmpty() ? once : response -> once.accept(stamped(response, facts));
    UnicastPushResponse refusal = facts.standby() ? notPrimary(facts) : PushCheck.refusal(request);
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
    PairFacts facts = pair.get();
    Consumer<BroadcastResponse> once = onceTo(responses);
    Consumer<BroadcastResponse> reply =
        facts.pair().isEmpty() ? once : response -> once.accept(stamped(response, facts));
    String fault = facts.standby() ? PushErrors.NOT_PRIMARY : PushCheck.fault(request);
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

  private static UnicastPushResponse notPrimary(PairFacts facts) {
    return UnicastPushResponse.newBuilder()
        .setErrorCode(PushErrors.NOT_PRIMARY)
        .setMessage(
            facts.primary().isEmpty()
                ? "this gateway is a standby, and nobody is known to lead"
                : "this gateway is a standby; the primary is " + Printable.plain(facts.primary()))
        .setOutcome(PushOutcome.PUSH_REFUSED)
        .build();
  }

  private static UnicastPushResponse stamped(UnicastPushResponse response, PairFacts facts) {
    return response.toBuilder().setGatewayTerm(facts.term()).setGatewayPair(facts.pair()).build();
  }

  private static BroadcastResponse stamped(BroadcastResponse response, PairFacts facts) {
    return response.toBuilder().setGatewayTerm(facts.term()).setGatewayPair(facts.pair()).build();
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
