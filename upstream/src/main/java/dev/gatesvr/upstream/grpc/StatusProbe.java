package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.route.UpstreamInstance;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every registered instance GetStatus, again and again, and removes from the registry what
 * cannot be connected to for long, so that addresses of machines that are gone do not fill a zone.
 * An instance that comes back registers again.
 *
 * <p>Works on its caller's loop; {@link #statuses} and {@link #close} may be called on any thread.
 */
public final class StatusProbe implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusProbe.class);

  private final UpstreamCaller caller;
  private final UpstreamRegistry registry;
  private final Settings settings;
  private final Map<InstanceAddress, InstanceStatus> latest = new HashMap<>();
  private final Answers answers = new Answers();
  private final Future<?> round;
  private volatile List<InstanceStatus> published = List.of();

  private StatusProbe(UpstreamCaller caller, UpstreamRegistry registry, Settings settings) {
    this.caller = caller;
    this.registry = registry;
    this.settings = settings;
    this.round =
        caller
            .loop()
            .scheduleWithFixedDelay(
                this::askAll, 0, settings.interval().toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * How to probe.
   *
   * @param interval from one round to the next
   * @param timeout for one answer; at most the interval, so that rounds never overlap
   * @param removeAfterUnreachable probes in a row that found no connection, after which an instance
   *     is removed
   */
  public record Settings(Duration interval, Duration timeout, int removeAfterUnreachable) {
    public Settings {
      if (interval.compareTo(Duration.ofMillis(10)) < 0 || timeout.compareTo(interval) > 0) {
        throw new IllegalArgumentException(
            "interval "
                + interval
                + ", timeout "
                + timeout
                + " (expected: 10 ms <= interval, "
                + "timeout <= interval)");
      }
      if (removeAfterUnreachable < 1) {
        throw new IllegalArgumentException(
            "removeAfterUnreachable: " + removeAfterUnreachable + " (expected: >= 1)");
      }
    }

    /** Every 5 s; gone after five minutes without a connection. */
    public static Settings defaults() {
      return new Settings(Duration.ofSeconds(5), Duration.ofSeconds(2), 60);
    }
  }

  /** Probes through a caller and on its loop until closed. */
  public static StatusProbe start(
      UpstreamCaller caller, UpstreamRegistry registry, Settings settings) {
    return new StatusProbe(caller, registry, settings);
  }

  /** The last answers of the registered instances; an instance not yet asked is missing. */
  public List<InstanceStatus> statuses() {
    return published;
  }

  @Override
  public void close() {
    round.cancel(false);
  }

  private void askAll() {
    List<UpstreamInstance> instances = registry.table().all();
    Set<InstanceAddress> registered = new HashSet<>();
    instances.forEach(instance -> registered.add(instance.address()));
    latest.keySet().retainAll(registered);
    for (UpstreamInstance instance : instances) {
      caller.status(instance, settings.timeout().toNanos(), answers);
    }
    publish();
  }

  private boolean registered(UpstreamInstance instance) {
    return instance.equals(registry.table().at(instance.address()));
  }

  private final class Answers implements StatusObserver {
    @Override
    public void onStatus(UpstreamInstance instance, StatusResponse response) {
      InstanceStatus before = registered(instance) ? latest.get(instance.address()) : null;
      if (before != null && !before.answered()) {
        log.info("upstream {} answers again", instance);
      }
      keep(answered(instance, response));
    }

    @Override
    public void onSilence(UpstreamInstance instance, UpstreamFailure failure, String detail) {
      InstanceStatus before = latest.get(instance.address());
      int silent = before == null ? 1 : before.silentInRow() + 1;
      // One that is connected but mute may be old or stopped for a while: it keeps its place.
      int unreachable =
          failure != UpstreamFailure.UNREACHABLE
              ? 0
              : before == null ? 1 : before.unreachableInRow() + 1;
      if (silent == 1) {
        log.warn("upstream does not answer GetStatus: {}", detail);
      }
      keep(new InstanceStatus(instance, "", 0, 0, silent, unreachable, detail));
      if (unreachable >= settings.removeAfterUnreachable() && registry.remove(instance)) {
        log.warn("upstream {} removed, unreachable {} times in a row", instance, unreachable);
      }
    }

    private void keep(InstanceStatus status) {
      if (registered(status.instance())) {
        latest.put(status.instance().address(), status);
        publish();
      }
    }
  }

  private static InstanceStatus answered(UpstreamInstance instance, StatusResponse response) {
    return new InstanceStatus(
        instance,
        Printable.plain(response.getStatus()),
        response.getUptime(),
        response.getActiveConnections(),
        0,
        0,
        "");
  }

  private void publish() {
    published = List.copyOf(latest.values());
  }
}
