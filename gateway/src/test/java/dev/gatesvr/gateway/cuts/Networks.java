package dev.gatesvr.gateway.cuts;

import dev.gatesvr.testkit.UdpRelay;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** The networks that players live in. The first one always loses a datagram in a hundred. */
final class Networks implements AutoCloseable {
  private static final double LOSS = 0.01;

  /** A client notices this long after the network is back, at most: it waits for two heartbeats. */
  private static final Duration NOTICED = Duration.ofSeconds(8);

  private final List<UdpRelay> relays = new ArrayList<>();
  private final AtomicLongArray darkUntilNanos;
  private final ScheduledExecutorService lamp = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger darks = new AtomicInteger();
  private final AtomicInteger rebinds = new AtomicInteger();

  Networks(int count, InetSocketAddress gateway, long seed) {
    for (int i = 0; i < count; i++) {
      relays.add(UdpRelay.start(gateway, seed + i));
    }
    darkUntilNanos = new AtomicLongArray(count);
    for (int i = 0; i < count; i++) {
      darkUntilNanos.set(i, System.nanoTime());
      light(i);
    }
  }

  private void light(int network) {
    relays.get(network).drop(network == 0 ? LOSS : 0);
  }

  String address(int network) {
    return "127.0.0.1:" + relays.get(network).address().getPort();
  }

  int count() {
    return relays.size();
  }

  /** Nothing passes for a while; at once when it is dark already, nothing more. */
  void darken(int network, Duration dark) {
    if (isDark(network)) {
      return;
    }
    darks.incrementAndGet();
    darkUntilNanos.set(network, System.nanoTime() + dark.plus(NOTICED).toNanos());
    relays.get(network).drop(1);
    var unused = lamp.schedule(() -> light(network), dark.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** True while a loss in this network may come from its being dark. */
  boolean isDark(int network) {
    return darkUntilNanos.get(network) - System.nanoTime() > 0;
  }

  void rebind(int network) {
    rebinds.incrementAndGet();
    relays.get(network).rebind();
  }

  int darks() {
    return darks.get();
  }

  int rebinds() {
    return rebinds.get();
  }

  @Override
  public void close() {
    lamp.shutdownNow();
    relays.forEach(UdpRelay::close);
  }
}
