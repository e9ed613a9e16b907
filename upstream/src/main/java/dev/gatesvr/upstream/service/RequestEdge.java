package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.upstream.grpc.GrpcBounds;
import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.service.SessionLanes.Admission;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What gateways call. Arrives on an event loop and leaves it at once for the session's lane; see
 * the package for what handlers may count on.
 */
final class RequestEdge extends UpstreamServiceGrpc.UpstreamServiceImplBase {
  private static final Logger log = LoggerFactory.getLogger(RequestEdge.class);

  /** A gateway that names no deadline. */
  private static final long DEADLINE_ABSENT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Map<String, ActionHandler> handlers;
  private final SessionLanes lanes;
  private final GatewayFleet gateways;
  private final ServiceLimits limits;
  private final Supplier<StatusResponse> status;
  private final LongAdder handled = new LongAdder();
  private final LongAdder refused = new LongAdder();

  RequestEdge(
      Map<String, ActionHandler> handlers,
      SessionLanes lanes,
      GatewayFleet gateways,
      ServiceLimits limits,
      Supplier<StatusResponse> status) {
    this.handlers = Map.copyOf(handlers);
    this.lanes = lanes;
    this.gateways = gateways;
    this.limits = limits;
    this.status = status;
  }

  long handled() {
    return handled.sum();
  }

  long refused() {
    return refused.sum();
  }

  @Override
  public void getStatus(StatusRequest request, StreamObserver<StatusResponse> responses) {
    responses.onNext(status.get());
    responses.onCompleted();
  }

  @Override
  public void processRequest(UpstreamRequest request, StreamObserver<UpstreamResponse> responses) {
    ServerCallStreamObserver<UpstreamResponse> call =
        (ServerCallStreamObserver<UpstreamResponse>) responses;
    // Without a handler, answering a cancelled call throws.
    call.setOnCancelHandler(() -> {});
    Deadline deadline = Context.current().getDeadline();
    long remaining =
        deadline == null ? DEADLINE_ABSENT_NANOS : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    RequestContext context =
        new RequestContext(
            request, gateways, System.nanoTime() + remaining, limits.notifiesPerRequestMax());
    switch (lanes.submit(request.getSessionId(), () -> run(context, call))) {
      case ADMITTED -> {}
      case FULL -> refuse(call, Admission.FULL, limits.concurrentMax());
      case LANE_FULL -> refuse(call, Admission.LANE_FULL, limits.perSessionMax());
    }
  }

  private void refuse(StreamObserver<UpstreamResponse> call, Admission why, int limit) {
    refused.increment();
    Metadata trailers = new Metadata();
    trailers.put(GrpcBounds.NOT_RUN, "1");
    String of = why == Admission.FULL ? "this service" : "one session";
    call.onError(
        Status.RESOURCE_EXHAUSTED
            .withDescription("more than " + limit + " requests of " + of + " at once")
            .asRuntimeException(trailers));
  }

  private void run(RequestContext context, ServerCallStreamObserver<UpstreamResponse> call) {
    if (call.isCancelled()) {
      // The gateway gave up while this waited; it told the player so, and nothing ran.
      refused.increment();
      return;
    }
    Reply reply = replyOf(context);
    try {
      context.awaitNotifies();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    handled.increment();
    call.onNext(bounded(response(context, reply)));
    call.onCompleted();
  }

  private Reply replyOf(RequestContext context) {
    ActionHandler handler = handlers.get(context.action());
    if (handler == null) {
      return Reply.error(
          Reply.NOT_FOUND, "action: " + Printable.quoted(context.action()) + " (unknown here)");
    }
    try {
      return handler.handle(context);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.error(Reply.FAILED, "the service is stopping");
    } catch (Throwable e) {
      // Whatever an author's code does, the player is answered and the next request runs.
      log.warn("handler of {} failed", Printable.quoted(context.action()), e);
      return Reply.error(Reply.FAILED, Printable.plain(String.valueOf(e.getMessage())));
    }
  }

  private static UpstreamResponse response(RequestContext context, Reply reply) {
    return UpstreamResponse.newBuilder()
        .setCode(reply.code())
        .setMessage(reply.message())
        .setData(reply.data())
        .putAllHeaders(reply.headers())
        .setClientSeqId(context.clientSeqId())
        .build();
  }

  /** The response, or an honest error in its place when no frame could hold it. */
  private static UpstreamResponse bounded(UpstreamResponse response) {
    int bytes = response.getSerializedSize();
    if (bytes <= Limits.FRAME_BYTES_MAX) {
      return response;
    }
    return UpstreamResponse.newBuilder()
        .setCode(Reply.FAILED)
        .setMessage(
            "the reply has " + bytes + " bytes (expected: <= " + Limits.FRAME_BYTES_MAX + ")")
        .setClientSeqId(response.getClientSeqId())
        .build();
  }
}
