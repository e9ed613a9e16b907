package dev.gatesvr.upstream.grpc;

import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.InstanceChoice;
import dev.gatesvr.upstream.route.UpstreamInstance;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds an instance for requests that may have arrived and lost their connection. Confined to its
 * caller's loop.
 *
 * <p>It is the one that got the first copy, as soon as it is connected again. When half of the time
 * that was left has passed without it, or at once when the first copy was sent by an earlier owner
 * of the session and its process is not registered, any instance of the zone that keeps results
 * will do: it runs the request if the action is idempotent, else it says that the outcome is
 * unknown. Instances that keep no results never get a copy.
 *
 * <p>Bounds: {@link #REPEATS_MAX} copies after the first, the deadline of the request, and as many
 * waiting requests as the caller's owner admits.
 */
final class Repeater {
  /** Copies after the first; each needs a connection that came up and broke again. */
  static final int REPEATS_MAX = 4;

  /** A connection that was cut is back in a few milliseconds; a process takes seconds. */
  static final long LOOK_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  static final long LOOK_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Logger log = LoggerFactory.getLogger(Repeater.class);

  private final EventLoop loop;
  private final InstanceChannels channels;
  private final FenceGate gate;
  private final InstanceChoice choice;
  private final Outcomes outcomes;
  private final Set<Exchange> waiting = new LinkedHashSet<>();

  /** Where a search ends. */
  interface Outcomes {
    /** The next copy goes there. */
    void found(Exchange exchange, InstanceChannel channel, long nowNanos);

    /** There is none, and the time is over. */
    void gaveUp(Exchange exchange, UpstreamFailure failure);
  }

  Repeater(
      EventLoop loop,
      InstanceChannels channels,
      FenceGate gate,
      InstanceChoice choice,
      Outcomes outcomes) {
    this.loop = loop;
    this.channels = channels;
    this.gate = gate;
    this.choice = choice;
    this.outcomes = outcomes;
  }

  /** Looks for an instance after a short while, and until the request's deadline. */
  void searchLater(Exchange exchange, long nowNanos) {
    waiting.add(exchange);
    var unused =
        loop.schedule(
            () -> search(exchange), exchange.nextLookNanos(nowNanos), TimeUnit.NANOSECONDS);
  }

  /** Looks now; the first connection is asked for at once. */
  void searchNow(Exchange exchange) {
    waiting.add(exchange);
    search(exchange);
  }

  /** Ends every search. */
  void close() {
    List<Exchange> ended = List.copyOf(waiting);
    waiting.clear();
    for (Exchange exchange : ended) {
      try {
        outcomes.gaveUp(exchange, UpstreamFailure.STOPPED);
      } catch (RuntimeException e) {
        log.error("the observer of an upstream call failed", e);
      }
    }
  }

  private void search(Exchange exchange) {
    if (!waiting.remove(exchange)) {
      return;
    }
    long nowNanos = System.nanoTime();
    if (exchange.expired(nowNanos)) {
      outcomes.gaveUp(exchange, UpstreamFailure.DEADLINE);
      return;
    }
    InstanceChannel channel = connected(exchange, nowNanos);
    if (channel == null) {
      searchLater(exchange, nowNanos);
    } else {
      outcomes.found(exchange, channel, nowNanos);
    }
  }

  private @Nullable InstanceChannel connected(Exchange exchange, long nowNanos) {
    channels.sync();
    List<UpstreamInstance> instances = channels.instances(exchange.zone);
    // A process that is registered nowhere has nothing to say any more.
    boolean hopeless = exchange.handedOver() && instances.stream().noneMatch(exchange::prefers);
    boolean patient = !hopeless && exchange.patient(nowNanos);
    List<UpstreamInstance> others = new ArrayList<>();
    for (UpstreamInstance instance : instances) {
      boolean preferred = exchange.prefers(instance);
      if (!instance.keepsResults() || !gate.open(instance) || (patient && !preferred)) {
        continue;
      }
      InstanceChannel channel = connected(instance.address(), nowNanos);
      if (channel != null && preferred) {
        return channel;
      }
      if (channel != null) {
        others.add(instance);
      }
    }
    return others.isEmpty()
        ? null
        : channels.at(choice.choose(List.copyOf(others), exchange.facts()).address());
  }

  private @Nullable InstanceChannel connected(InstanceAddress address, long nowNanos) {
    InstanceChannel channel = channels.at(address);
    return channel != null && channel.connected(nowNanos) ? channel : null;
  }
}
