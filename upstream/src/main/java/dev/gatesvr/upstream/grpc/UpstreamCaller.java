package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.FenceServiceGrpc;
import dev.gatesvr.proto.RecordTermRequest;
import dev.gatesvr.proto.RecordTermResponse;
import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.InstanceChoice;
import dev.gatesvr.upstream.route.RequestFacts;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs requests on the registered instances, for one event loop. Confined to that loop but for
 * {@link #close}; the loop stays the owner's. What is tried again, and where, stands in the
 * package's description.
 *
 * <p>Calls that go to one instance are written in the order they were made. Outstanding calls are
 * bounded by who admits them (overload protection), channels by the registry.
 */
public final class UpstreamCaller implements AutoCloseable {
  /** Instances that one request is offered to, each only if the one before never saw it. */
  public static final int ATTEMPTS_MAX = 3;

  private static final MethodDescriptor<UpstreamRequest, UpstreamResponse> PROCESS =
      UpstreamServiceGrpc.getProcessRequestMethod();
  private static final MethodDescriptor<StatusRequest, StatusResponse> STATUS =
      UpstreamServiceGrpc.getGetStatusMethod();

  private static final MethodDescriptor<RecordTermRequest, RecordTermResponse> RECORD_TERM =
      FenceServiceGrpc.getRecordTermMethod();

  private static final Logger log = LoggerFactory.getLogger(UpstreamCaller.class);

  private final EventLoop loop;
  private final InstanceChoice choice;
  private final InstanceChannels channels;
  private final Repeater repeater;
  private final FenceGate gate;
  private final FenceListener fenceListener;

  /** Requests whose owner was asked before they go elsewhere. */
  private final Set<Exchange> moving = new LinkedHashSet<>();

  private int inFlight;
  private boolean closed;

  /** A caller of a gateway without a pair. */
  public UpstreamCaller(EventLoop loop, UpstreamRegistry registry, InstanceChoice choice) {
    this(loop, registry, choice, new FenceGate(), FenceListener.NONE);
  }

  /**
   * @param loop where calls are made and answered
   * @param choice this caller's own; it is only used on the loop
   * @param gate what it does not let through gets no requests
   * @param fenceListener told when an instance answers that this gateway was deposed
   */
  public UpstreamCaller(
      EventLoop loop,
      UpstreamRegistry registry,
      InstanceChoice choice,
      FenceGate gate,
      FenceListener fenceListener) {
    // Fails here, not at the first registration, when the loop is of an unknown kind.
    LoopSockets.clientType(loop);
    this.loop = loop;
    this.choice = choice;
    this.gate = gate;
    this.fenceListener = fenceListener;
    this.channels = new InstanceChannels(loop, registry);
    this.repeater = new Repeater(loop, channels, gate, choice, new Copies());
  }

  /**
   * Runs a request on an instance of the zone.
   *
   * @param request with {@code attempted_incarnation} when an earlier owner of the session already
   *     sent it; then it goes only where results are kept
   * @param timeoutNanos from now; also the deadline that the instance is told
   * @param observer told exactly once, possibly before this returns
   */
  public void process(
      ZoneId zone, UpstreamRequest request, long timeoutNanos, ReplyObserver observer) {
    requireLoop();
    if (closed) {
      observer.onFailure(UpstreamFailure.STOPPED, "the gateway is stopping");
      return;
    }
    Exchange exchange =
        new Exchange(zone, request, System.nanoTime(), timeoutNanos, observer, null);
    inFlight++;
    if (exchange.repeating()) {
      repeater.searchNow(exchange);
    } else {
      attempt(exchange);
    }
  }

  /**
   * Chooses where a request will go, so that its owner can note the process before it is sent.
   *
   * @param request with {@code attempted_incarnation} when it was sent before; then the choice is
   *     the process that got it, registered or not
   * @return null when no instance of the zone may get it: it did not run
   */
  public @Nullable Choice choose(ZoneId zone, UpstreamRequest request) {
    requireLoop();
    if (request.getAttemptedIncarnation() != 0) {
      return Choice.again(zone, request.getAttemptedIncarnation());
    }
    InstanceChannel channel =
        pick(
            zone,
            new RequestFacts(zone, request.getOpenid(), request.getSessionId()),
            List.of(),
            System.nanoTime());
    return channel == null ? null : Choice.of(channel.instance());
  }

  /**
   * Sends a request where it was chosen to go. When the way there is gone, or breaks before
   * anything was written, it goes to another instance as with {@link #process}, but asks first if
   * that is another process.
   *
   * @param request the one that was chosen for; its term and settled sequences may have changed
   * @param timeoutNanos from now; also the deadline that the instance is told
   * @param dispatch asked before it goes to another process
   * @param observer told exactly once, possibly before this returns
   */
  public void send(
      Choice chosen,
      UpstreamRequest request,
      long timeoutNanos,
      Dispatch dispatch,
      ReplyObserver observer) {
    requireLoop();
    if (closed) {
      observer.onFailure(UpstreamFailure.STOPPED, "the gateway is stopping");
      return;
    }
    Exchange exchange =
        new Exchange(chosen.zone(), request, System.nanoTime(), timeoutNanos, observer, dispatch);
    inFlight++;
    UpstreamInstance instance = chosen.instance();
    if (instance == null || exchange.repeating()) {
      repeater.searchNow(exchange);
    } else {
      exchange.announced(instance.incarnation());
      go(exchange, instance);
    }
  }

  /** True when some instance of the zone may get requests. */
  public boolean serves(ZoneId zone) {
    requireLoop();
    channels.sync();
    return channels.instances(zone).stream().anyMatch(gate::open);
  }

  /**
   * Asks an instance for its status.
   *
   * @param observer told exactly once, on the loop
   */
  public void status(UpstreamInstance instance, long timeoutNanos, StatusObserver observer) {
    requireLoop();
    channels.sync();
    InstanceChannel channel = channels.at(instance.address());
    if (closed || channel == null) {
      observer.onSilence(instance, UpstreamFailure.NO_UPSTREAM, "not registered any more");
      return;
    }
    if (channel.failing()) {
      channel.nudge(System.nanoTime());
    }
    StatusRequest request =
        StatusRequest.newBuilder().setServiceName(instance.serviceName()).build();
    new UnaryCall<StatusRequest, StatusResponse>(loop) {
      @Override
      void settled(Status status, Metadata trailers, @Nullable StatusResponse response) {
        if (status.isOk() && response != null) {
          observer.onStatus(instance, response);
        } else {
          observer.onSilence(
              instance,
              Failures.classify(status, trailers, sent()),
              Failures.detail(instance, status));
        }
      }
    }.start(channel.grpc(), STATUS, request, timeoutNanos);
  }

  /** Told on the loop how one call of {@link #recordTerm} ended. */
  interface TermObserver {
    /**
     * @param response not null exactly when the status is OK
     */
    void onAnswer(Status status, @Nullable RecordTermResponse response);
  }

  /** Asks an instance to record a term; the observer is told exactly once. */
  void recordTerm(
      UpstreamInstance instance,
      RecordTermRequest request,
      long timeoutNanos,
      TermObserver observer) {
    requireLoop();
    channels.sync();
    InstanceChannel channel = channels.at(instance.address());
    if (closed || channel == null) {
      observer.onAnswer(Status.UNAVAILABLE.withDescription("not registered any more"), null);
      return;
    }
    if (channel.failing()) {
      channel.nudge(System.nanoTime());
    }
    new UnaryCall<RecordTermRequest, RecordTermResponse>(loop) {
      @Override
      void settled(Status status, Metadata trailers, @Nullable RecordTermResponse response) {
        observer.onAnswer(status, status.isOk() ? response : null);
      }
    }.start(channel.grpc(), RECORD_TERM, request, timeoutNanos);
  }

  /** Calls of {@link #process} and {@link #send} that have not been answered. */
  public int inFlight() {
    requireLoop();
    return inFlight;
  }

  /** The loop that everything here happens on. */
  EventLoop loop() {
    return loop;
  }

  /**
   * Closes all channels; what is under way ends as {@link UpstreamFailure#STOPPED}. Any thread; the
   * work is done on the loop.
   */
  @Override
  public void close() {
    channels.unobserve();
    if (loop.inEventLoop()) {
      closeOnLoop();
      return;
    }
    try {
      loop.execute(this::closeOnLoop);
    } catch (RejectedExecutionException e) {
      log.debug("the loop of a caller ended before the caller was closed");
    }
  }

  private void closeOnLoop() {
    closed = true;
    repeater.close();
    List<Exchange> asked = List.copyOf(moving);
    moving.clear();
    for (Exchange exchange : asked) {
      fail(exchange, UpstreamFailure.STOPPED, "the gateway is stopping");
    }
    channels.abortAll();
  }

  /** Sends it to any instance that is left for it, after its owner was asked. */
  private void attempt(Exchange exchange) {
    long nowNanos = System.nanoTime();
    InstanceChannel channel = pick(exchange.zone, exchange.facts(), exchange.tried(), nowNanos);
    if (channel == null) {
      fail(exchange, exchange.failure(), exchange.detail());
      return;
    }
    UpstreamInstance instance = channel.instance();
    Dispatch dispatch = exchange.dispatch;
    if (dispatch == null || exchange.isAnnounced(instance.incarnation())) {
      call(exchange, channel, nowNanos);
      return;
    }
    if (!exchange.mayMove()) {
      fail(exchange, UpstreamFailure.UNREACHABLE, "instances came and went; " + exchange.detail());
      return;
    }
    moving.add(exchange);
    dispatch.moves(instance.incarnation(), () -> moved(exchange, instance));
  }

  private void moved(Exchange exchange, UpstreamInstance instance) {
    requireLoop();
    if (moving.remove(exchange)) {
      exchange.announced(instance.incarnation());
      go(exchange, instance);
    }
  }

  /** Sends it to an instance whose process was announced, if that is still there. */
  private void go(Exchange exchange, UpstreamInstance instance) {
    channels.sync();
    InstanceChannel channel = channels.at(instance.address());
    boolean there =
        channel != null
            && channel.instance().incarnation() == instance.incarnation()
            && channel.instance().zone() == exchange.zone
            && gate.open(channel.instance())
            && !exchange.tried(channel.instance());
    if (channel != null && there) {
      call(exchange, channel, System.nanoTime());
    } else {
      attempt(exchange);
    }
  }

  private void call(Exchange exchange, InstanceChannel channel, long nowNanos) {
    new ProcessAttempt(exchange, channel.instance())
        .start(channel.grpc(), PROCESS, exchange.message(), exchange.deadlineNanos - nowNanos);
  }

  private void fail(Exchange exchange, UpstreamFailure failure, String detail) {
    inFlight--;
    exchange.observer.onFailure(failure, detail);
  }

  /** The next instance to try, or null when there is none left that could take the request. */
  private @Nullable InstanceChannel pick(
      ZoneId zone, RequestFacts facts, List<InstanceAddress> tried, long nowNanos) {
    channels.sync();
    List<UpstreamInstance> instances = admitted(channels.instances(zone));
    if (instances.isEmpty()) {
      return null;
    }
    InstanceChannel chosen = channels.at(choice.choose(instances, facts).address());
    if (chosen != null && !tried.contains(chosen.instance().address())) {
      if (!chosen.failing()) {
        return chosen;
      }
      chosen.nudge(nowNanos);
    }
    List<UpstreamInstance> others = new ArrayList<>();
    for (UpstreamInstance instance : instances) {
      InstanceChannel channel = channels.at(instance.address());
      if (channel != null && !tried.contains(instance.address()) && !channel.failing()) {
        others.add(instance);
      }
    }
    if (!others.isEmpty()) {
      return channels.at(choice.choose(List.copyOf(others), facts).address());
    }
    // All are down: let the first attempt fail with the reason of a real one.
    return tried.isEmpty() ? chosen : null;
  }

  private List<UpstreamInstance> admitted(List<UpstreamInstance> instances) {
    for (UpstreamInstance instance : instances) {
      if (!gate.open(instance)) {
        return instances.stream().filter(gate::open).toList();
      }
    }
    return instances;
  }

  private void requireLoop() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException(
          "called on " + Thread.currentThread().getName() + " (expected: the caller's event loop)");
    }
  }

  private final class Copies implements Repeater.Outcomes {
    @Override
    public void found(Exchange exchange, InstanceChannel channel, long nowNanos) {
      call(exchange, channel, nowNanos);
    }

    @Override
    public void gaveUp(Exchange exchange, UpstreamFailure failure) {
      fail(exchange, failure, "repeated in vain; " + exchange.detail());
    }
  }

  private final class ProcessAttempt extends UnaryCall<UpstreamRequest, UpstreamResponse> {
    private final Exchange exchange;
    private final UpstreamInstance instance;

    ProcessAttempt(Exchange exchange, UpstreamInstance instance) {
      super(loop);
      this.exchange = exchange;
      this.instance = instance;
    }

    @Override
    void settled(Status status, Metadata trailers, @Nullable UpstreamResponse response) {
      if (status.isOk() && response != null) {
        answered(response);
        return;
      }
      UpstreamFailure failure =
          closed ? UpstreamFailure.STOPPED : Failures.classify(status, trailers, sent());
      exchange.failed(instance, failure, Failures.detail(instance, status));
      long nowNanos = System.nanoTime();
      boolean brokeOnTheWay = failure == UpstreamFailure.FAILED && Failures.broken(status);
      if (brokeOnTheWay && instance.keepsResults() && exchange.repeatable()) {
        exchange.mayHaveArrived(instance, nowNanos);
      }
      if (exchange.repeating()) {
        copyFailed(failure, brokeOnTheWay, nowNanos);
      } else if (failure == UpstreamFailure.UNREACHABLE && exchange.mayTryAnother(nowNanos)) {
        attempt(exchange);
      } else {
        fail(exchange, failure, exchange.detail());
      }
    }

    private void answered(UpstreamResponse response) {
      if (response.getFencedByTerm() != 0) {
        deposed(response);
      } else if (response.getOutcomeUnknown()) {
        fail(
            exchange,
            UpstreamFailure.OUTCOME_UNKNOWN,
            Failures.detail(instance, response.getMessage()));
      } else {
        inFlight--;
        exchange.observer.onReply(response);
      }
    }

    private void deposed(UpstreamResponse response) {
      // An earlier copy, or the run that this one waited for, may have run all the same.
      boolean mayHaveRun = exchange.repeating() || response.getOutcomeUnknown();
      try {
        // Before the player could be told anything.
        fenceListener.onFenced(exchange.pair(), response.getFencedByTerm());
      } finally {
        fail(
            exchange,
            mayHaveRun ? UpstreamFailure.OUTCOME_UNKNOWN : UpstreamFailure.FENCED,
            Failures.detail(instance, response.getMessage()));
      }
    }

    /** Whatever this copy met, an earlier one may have run: none of these is "did not run". */
    private void copyFailed(UpstreamFailure failure, boolean broke, long nowNanos) {
      if (failure == UpstreamFailure.STOPPED || failure == UpstreamFailure.DEADLINE) {
        fail(exchange, failure, exchange.detail());
      } else if (exchange.expired(nowNanos)) {
        fail(exchange, UpstreamFailure.DEADLINE, exchange.detail());
      } else if ((failure == UpstreamFailure.FAILED && !broke) || !exchange.mayRepeat()) {
        fail(exchange, UpstreamFailure.OUTCOME_UNKNOWN, exchange.detail());
      } else {
        repeater.searchLater(exchange, nowNanos);
      }
    }
  }
}
