package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.upstream.grpc.GrpcBounds;
import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.service.Decision.Joined;
import dev.gatesvr.upstream.service.Decision.Kept;
import dev.gatesvr.upstream.service.Decision.Run;
import dev.gatesvr.upstream.service.Decision.Unknown;
import dev.gatesvr.upstream.service.Fences.Verdict.Admitted;
import dev.gatesvr.upstream.service.Fences.Verdict.Fenced;
import dev.gatesvr.upstream.service.Fences.Verdict.Refused;
import dev.gatesvr.upstream.service.SessionLanes.Admission;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

  private final Map<String, Action> actions;
  private final SessionLanes lanes;
  private final KeptResults<Waiter> results;
  private final GatewayFleet gateways;
  private final Fences fences;
  private final ServiceLimits limits;
  private final Supplier<StatusResponse> status;
  private final LongAdder handled = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder fenced = new LongAdder();

  RequestEdge(
      UpstreamServiceBuilder settings,
      long incarnation,
      SessionLanes lanes,
      GatewayFleet gateways,
      Fences fences,
      Supplier<StatusResponse> status) {
    this.actions = Map.copyOf(settings.actions());
    this.limits = settings.limits();
    this.lanes = lanes;
    this.results = new KeptResults<>(new ResultWindow<>(incarnation, limits.results()));
    this.gateways = gateways;
    this.fences = fences;
    this.status = status;
  }

  long handled() {
    return handled.sum();
  }

  long refused() {
    return refused.sum();
  }

  /** Requests that got the answer of an earlier copy. */
  long repeated() {
    return repeated.sum();
  }

  /** Requests that were told that their outcome is unknown. */
  long unknown() {
    return unknown.sum();
  }

  /** Calls of a deposed gateway that got no answer but this. */
  long fenced() {
    return fenced.sum();
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
    Waiter waiter = Waiter.of(call, request);
    switch (fences.admit(waiter.pair(), waiter.term())) {
      case Admitted admitted -> begin(request, waiter);
      case Fenced deposed -> tellFenced(waiter, false);
      case Refused unknownPair -> {
        refused.increment();
        call.onError(notRun(unknownPair.why()));
      }
    }
  }

  private void begin(UpstreamRequest request, Waiter waiter) {
    Action action = actions.get(request.getAction());
    Arrival arrival = Arrival.of(request, action != null && action.idempotent());
    switch (results.begin(arrival, waiter)) {
      case Run<Waiter> run -> submit(request, action, run.running());
      case Joined<Waiter> joined -> {
        repeated.increment();
        if (joined.displaced() != null) {
          joined
              .displaced()
              .call()
              .onError(
                  Status.ABORTED
                      .withDescription("too many copies of this request wait for its answer")
                      .asRuntimeException());
        }
      }
      case Kept<Waiter> kept -> {
        repeated.increment();
        waiter.answer(kept.response());
      }
      case Unknown<Waiter> doubt -> {
        unknown.increment();
        waiter.answer(outcomeUnknown(request, doubt.why()));
      }
    }
  }

  private void submit(UpstreamRequest request, @Nullable Action action, Running<Waiter> running) {
    Deadline deadline = Context.current().getDeadline();
    long remaining =
        deadline == null ? DEADLINE_ABSENT_NANOS : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    RequestContext context =
        new RequestContext(
            request, gateways, System.nanoTime() + remaining, limits.notifiesPerRequestMax());
    switch (lanes.submit(request.getSessionId(), () -> run(context, action, running))) {
      case ADMITTED -> {}
      case FULL -> refuse(running, Admission.FULL, limits.concurrentMax());
      case LANE_FULL -> refuse(running, Admission.LANE_FULL, limits.perSessionMax());
    }
  }

  private void refuse(Running<Waiter> running, Admission why, int limit) {
    refused.increment();
    String of = why == Admission.FULL ? "this service" : "one session";
    for (Waiter waiter : results.abandon(running)) {
      waiter.call().onError(notRun("more than " + limit + " requests of " + of + " at once"));
    }
  }

  private static StatusRuntimeException notRun(String why) {
    Metadata trailers = new Metadata();
    trailers.put(GrpcBounds.NOT_RUN, "1");
    return Status.RESOURCE_EXHAUSTED.withDescription(why).asRuntimeException(trailers);
  }

  private void run(RequestContext context, @Nullable Action action, Running<Waiter> running) {
    // What waited for its turn here may have lost its gateway, by its leave or by a higher term.
    List<Waiter> given = results.abandonIfAll(running, w -> w.gone() || deposed(w));
    if (!given.isEmpty()) {
      refused.increment();
      given.stream().filter(this::deposed).forEach(waiter -> tellFenced(waiter, false));
      return;
    }
    UpstreamResponse response = responseOf(context, action);
    handled.increment();
    for (Waiter waiter : results.finish(running, response)) {
      if (deposed(waiter)) {
        tellFenced(waiter, true);
      } else {
        waiter.answer(response);
      }
    }
  }

  private boolean deposed(Waiter waiter) {
    return fences.deposed(waiter.pair(), waiter.term());
  }

  /**
   * @param ran whether it began before the gateway was deposed; the answer is for its successor
   */
  private void tellFenced(Waiter waiter, boolean ran) {
    fenced.increment();
    waiter.answer(
        UpstreamResponse.newBuilder()
            .setCode(Reply.FENCED)
            .setMessage("a gateway of a higher term took over")
            .setClientSeqId(waiter.seq())
            .setOutcomeUnknown(ran)
            .setFencedByTerm(fences.highest(waiter.pair()))
            .build());
  }

  /** Whatever an author's code does, the player is answered and the next request runs. */
  private static UpstreamResponse responseOf(RequestContext context, @Nullable Action action) {
    Reply reply;
    try {
      reply = action == null ? notFound(context) : action.handler().handle(context);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reply = Reply.error(Reply.FAILED, "the service is stopping");
    } catch (Throwable e) {
      reply = failed(context, e);
    }
    try {
      context.awaitNotifies();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("waiting for the notifies of a request failed", e);
    }
    try {
      return bounded(response(context, reply));
    } catch (RuntimeException e) {
      // A handler that returned null, for one.
      return response(context, failed(context, e));
    }
  }

  private static Reply notFound(RequestContext context) {
    return Reply.error(
        Reply.NOT_FOUND, "action: " + Printable.quoted(context.action()) + " (unknown here)");
  }

  private static Reply failed(RequestContext context, Throwable e) {
    log.warn("handler of {} failed", Printable.quoted(context.action()), e);
    return Reply.error(Reply.FAILED, Printable.plain(String.valueOf(e.getMessage())));
  }

  private static UpstreamResponse response(RequestContext context, Reply reply) {
    UpstreamResponse.Builder response =
        UpstreamResponse.newBuilder()
            .setCode(reply.code())
            .setMessage(reply.message())
            .setData(reply.data())
            .putAllHeaders(reply.headers())
            .setClientSeqId(context.clientSeqId());
    context.attributeChanges().closeInto(response);
    return response.build();
  }

  private static UpstreamResponse outcomeUnknown(UpstreamRequest request, String why) {
    return UpstreamResponse.newBuilder()
        .setCode(Reply.OUTCOME_UNKNOWN)
        .setMessage("nobody knows whether this request ran: " + why)
        .setClientSeqId(request.getClientSeqId())
        .setOutcomeUnknown(true)
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
        .addAllSetAttributes(response.getSetAttributesList())
        .addAllRemoveAttributes(response.getRemoveAttributesList())
        .build();
  }
}
