package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.upstream.registry.RegistryObserver;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.registry.ZoneTable;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs requests on the registered instances, for one event loop. Confined to that loop but for
 * {@link #close}; the loop stays the owner's.
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
  private final UpstreamRegistry registry;
  private final InstanceChoice choice;
  private final RegistryObserver onChange = new SyncOnChange();
  private final Map<InstanceAddress, InstanceChannel> channels = new HashMap<>();
  private @Nullable ZoneTable synced;
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
    this.registry = registry;
    this.choice = choice;
    registry.observe(onChange);
    syncSoon();
  }

  /**
   * Runs a request on an instance of the zone.
   *
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
    attempt(new Exchange(zone, request, nowNanos + timeoutNanos, observer), nowNanos);
  }

  /**
   * Asks an instance for its status.
   *
   * @param observer told exactly once, on the loop
   */
  public void status(UpstreamInstance instance, long timeoutNanos, StatusObserver observer) {
    requireLoop();
    sync();
    InstanceChannel channel = channels.get(instance.address());
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
    registry.unobserve(onChange);
    if (loop.inEventLoop()) {
      closeOnLoop();
    } else {
      post(this::closeOnLoop);
    }
  }

  private void closeOnLoop() {
    closed = true;
    channels.values().forEach(InstanceChannel::abort);
    channels.clear();
  }

  private void attempt(Exchange exchange, long nowNanos) {
    InstanceChannel channel = pick(exchange, nowNanos);
    if (channel == null) {
      exchange.giveUp();
      return;
    }
    inFlight++;
    new ProcessAttempt(exchange, channel.instance())
        .start(channel.grpc(), PROCESS, exchange.request, exchange.deadlineNanos - nowNanos);
  }

  /** The next instance to try, or null when there is none left that could take the request. */
  private @Nullable InstanceChannel pick(Exchange exchange, long nowNanos) {
    sync();
    List<UpstreamInstance> instances = synced().instances(exchange.zone);
    if (instances.isEmpty()) {
      return null;
    }
    RequestFacts facts = exchange.facts();
    InstanceChannel chosen = channelOf(choice.choose(instances, facts));
    if (chosen != null && !exchange.tried(chosen.instance())) {
      if (!chosen.failing()) {
        return chosen;
      }
      chosen.nudge(nowNanos);
    }
    List<UpstreamInstance> others = new ArrayList<>();
    for (UpstreamInstance instance : instances) {
      InstanceChannel channel = channelOf(instance);
      if (channel != null && !exchange.tried(instance) && !channel.failing()) {
        others.add(instance);
      }
    }
    if (!others.isEmpty()) {
      return channelOf(choice.choose(List.copyOf(others), facts));
    }
    // All are down: let the first attempt fail with the reason of a real one.
    return exchange.attempts == 0 ? chosen : null;
  }

  /** Null only for an instance that no channel could be made for; it is being removed. */
  private @Nullable InstanceChannel channelOf(UpstreamInstance instance) {
    return channels.get(instance.address());
  }

  private ZoneTable synced() {
    ZoneTable table = synced;
    if (table == null) {
      throw new IllegalStateException("not synced");
    }
    return table;
  }

  /** Makes the channels those of the newest table. Cheap when it has not changed. */
  private void sync() {
    ZoneTable latest = registry.table();
    if (latest == synced || closed) {
      return;
    }
    synced = latest;
    long nowNanos = System.nanoTime();
    Set<InstanceAddress> registered = new HashSet<>();
    for (UpstreamInstance instance : latest.all()) {
      registered.add(instance.address());
      InstanceChannel channel = channels.get(instance.address());
      if (channel == null) {
        open(instance, nowNanos);
      } else if (!channel.instance().equals(instance)) {
        renew(channel, instance, nowNanos);
      }
    }
    channels
        .entrySet()
        .removeIf(
            entry -> {
              if (registered.contains(entry.getKey())) {
                return false;
              }
              entry.getValue().retire();
              return true;
            });
  }

  /**
   * An instance registered again. A channel that works is kept, for this may be a mere refresh. One
   * whose last attempt failed would fail every call until it is connected, though the instance is
   * there now: a new one lets them wait for the connection.
   */
  private void renew(InstanceChannel channel, UpstreamInstance instance, long nowNanos) {
    if (channel.failing()) {
      channel.retire();
      open(instance, nowNanos);
    } else {
      channel.renewed(instance);
    }
  }

  private void open(UpstreamInstance instance, long nowNanos) {
    try {
      channels.put(instance.address(), new InstanceChannel(loop, instance, nowNanos));
    } catch (RuntimeException e) {
      // What one instance registered must not stop the requests to all others.
      log.warn("no channel can be made for {}, removing it", instance, e);
      registry.remove(instance);
    }
  }

  private void syncSoon() {
    post(this::sync);
  }

  private void post(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has ended and took its sockets with it: there is nothing left to keep in step.
      registry.unobserve(onChange);
    }
  }

  private void requireLoop() {
    if (!loop.inEventLoop()) {
      throw new IllegalStateException(
          "called on " + Thread.currentThread().getName() + " (expected: the caller's event loop)");
    }
  }

  private final class SyncOnChange implements RegistryObserver {
    @Override
    public void onAdded(UpstreamInstance instance) {
      syncSoon();
    }

    @Override
    public void onReplaced(UpstreamInstance old, UpstreamInstance instance) {
      syncSoon();
    }

    @Override
    public void onRemoved(UpstreamInstance instance) {
      syncSoon();
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
      inFlight--;
      if (status.isOk() && response != null) {
        exchange.observer.onReply(response);
        return;
      }
      UpstreamFailure failure =
          closed ? UpstreamFailure.STOPPED : Failures.classify(status, trailers, sent());
      exchange.failed(instance, failure, Failures.detail(instance, status));
      long nowNanos = System.nanoTime();
      if (failure == UpstreamFailure.UNREACHABLE && exchange.mayTryAnother(nowNanos)) {
        attempt(exchange, nowNanos);
      } else {
        exchange.giveUp();
      }
    }
  }
}
