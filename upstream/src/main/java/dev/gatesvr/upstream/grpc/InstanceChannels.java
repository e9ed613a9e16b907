package dev.gatesvr.upstream.grpc;

import dev.gatesvr.upstream.registry.RegistryObserver;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.registry.ZoneTable;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import io.netty.channel.EventLoop;
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
 * One loop's channels to all registered instances, kept in step with the registry. Confined to the
 * loop but for {@link #unobserve}; bounded by the registry.
 */
final class InstanceChannels {
  private static final Logger log = LoggerFactory.getLogger(InstanceChannels.class);

  private final EventLoop loop;
  private final UpstreamRegistry registry;
  private final RegistryObserver onChange = new SyncOnChange();
  private final Map<InstanceAddress, InstanceChannel> channels = new HashMap<>();
  private ZoneTable synced;
  private boolean closed;

  /** Starts to follow the registry; {@link #sync} brings the table up to date. */
  InstanceChannels(EventLoop loop, UpstreamRegistry registry) {
    this.loop = loop;
    this.registry = registry;
    this.synced = ZoneTable.EMPTY;
    registry.observe(onChange);
    syncSoon();
  }

  /** The instances of a zone as of the last {@link #sync}. */
  List<UpstreamInstance> instances(ZoneId zone) {
    return synced.instances(zone);
  }

  /** Null when nobody is registered there, or no channel could be made. */
  @Nullable InstanceChannel at(InstanceAddress address) {
    return channels.get(address);
  }

  /** Makes the channels those of the newest table. Cheap when it has not changed. */
  void sync() {
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
   * there now: a new one lets them wait for the connection. So does one to another process, for a
   * call on its old connection would be taken for a call to the new process.
   */
  private void renew(InstanceChannel channel, UpstreamInstance instance, long nowNanos) {
    boolean sameProcess = channel.instance().incarnation() == instance.incarnation();
    if (sameProcess && !channel.failing()) {
      channel.renewed(instance);
    } else {
      channel.retire();
      open(instance, nowNanos);
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

  /** Any thread: follows the registry no more. */
  void unobserve() {
    registry.unobserve(onChange);
  }

  /** Ends everything under way, for good. */
  void abortAll() {
    closed = true;
    channels.values().forEach(InstanceChannel::abort);
    channels.clear();
  }

  private void syncSoon() {
    try {
      loop.execute(this::sync);
    } catch (RejectedExecutionException e) {
      // The loop has ended and took its sockets with it: there is nothing left to keep in step.
      unobserve();
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
}
