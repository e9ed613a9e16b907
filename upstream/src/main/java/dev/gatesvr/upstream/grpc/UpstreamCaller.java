package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.InstanceChoice;
import dev.gatesvr.upstream.route.RequestFacts;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
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

  private static final Logger log = LoggerFactory.getLogger(UpstreamCaller.class);

  private final EventLoop loop;
  private final InstanceChoice choice;
  private final InstanceChannels channels;
  private final Repeater repeater;
  private int inFlight;
  private boolean closed;

  /**
   * @param loop where calls are made and answered
   * @param choice this caller's own; it is only used on the loop
   */
  public UpstreamCaller(EventLoop loop, UpstreamRegistry registry, InstanceChoice choice) {
    // Fails here, not at the first registration, when the loop is of an unknown kind.
    LoopSockets.clientType(loop);
    this.loop = loop;
    this.choice = choice;
    this.channels = new InstanceChannels(loop, registry);
    this.repeater = new Repeater(loop, channels, choice, new Copies());
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
    long nowNanos = System.nanoTime();
    Exchange exchange = new Exchange(zone, request, nowNanos, timeoutNanos, observer);
    inFlight++;
    if (exchange.repeating()) {
      repeater.searchNow(exchange);
    } else {
      attempt(exchange, nowNanos);
    }
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

  /** Calls of {@link #process} that have not been answered. */
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
    channels.abortAll();
  }

  private void attempt(Exchange exchange, long nowNanos) {
    InstanceChannel channel = pick(exchange, nowNanos);
    if (channel == null) {
      fail(exchange, exchange.failure(), exchange.detail());
    } else {
      call(exchange, channel, nowNanos);
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
  private @Nullable InstanceChannel pick(Exchange exchange, long nowNanos) {
    channels.sync();
    List<UpstreamInstance> instances = channels.instances(exchange.zone);
    if (instances.isEmpty()) {
      return null;
    }
    RequestFacts facts = exchange.facts();
    InstanceChannel chosen = channels.at(choice.choose(instances, facts).address());
    if (chosen != null && !exchange.tried(chosen.instance())) {
      if (!chosen.failing()) {
        return chosen;
      }
      chosen.nudge(nowNanos);
    }
    List<UpstreamInstance> others = new ArrayList<>();
    for (UpstreamInstance instance : instances) {
      InstanceChannel channel = channels.at(instance.address());
      if (channel != null && !exchange.tried(instance) && !channel.failing()) {
        others.add(instance);
      }
    }
    if (!others.isEmpty()) {
      return channels.at(choice.choose(List.copyOf(others), facts).address());
    }
    // All are down: let the first attempt fail with the reason of a real one.
    return exchange.untried() ? chosen : null;
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
        attempt(exchange, nowNanos);
      } else {
        fail(exchange, failure, exchange.detail());
      }
    }

    private void answered(UpstreamResponse response) {
      if (response.getOutcomeUnknown()) {
        fail(
            exchange,
            UpstreamFailure.OUTCOME_UNKNOWN,
            Failures.detail(instance, response.getMessage()));
      } else {
        inFlight--;
        exchange.observer.onReply(response);
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
