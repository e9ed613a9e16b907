package dev.gatesvr.chaos;

import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.route.ZoneRouter;
import dev.gatesvr.upstream.service.Notice;
import dev.gatesvr.upstream.service.UpstreamService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One producer of pushes: numbers them by player within a stream and does not wait for outcomes.
 * Thread-safe. At most {@link #OUTSTANDING_MAX} pushes without an outcome; above it pushes are left
 * out.
 */
final class Pushes {
  private static final int OUTSTANDING_MAX = 4_000;
  private static final long TICK_MILLIS = 10;

  private final Map<ZoneId, UpstreamService> services;
  private final History.Writer history;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("chaos-pushes").factory());
  private final AtomicInteger outstanding = new AtomicInteger();

  // Guarded by this.
  private final Map<String, Integer> numbers = new HashMap<>();
  private List<String> openids = List.of();
  private String stream = "";
  private int perSecond;
  private long begunNanos;
  private long issued;

  Pushes(Map<ZoneId, UpstreamService> services, History.Writer history) {
    this.services = services;
    this.history = history;
    var unused =
        clock.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /**
   * Begins a new stream.
   *
   * @param rate pushes per second and player
   */
  synchronized void load(String name, int rate, List<String> players) {
    stream = name;
    openids = List.copyOf(players);
    perSecond = rate;
    numbers.clear();
    begunNanos = System.nanoTime();
    issued = 0;
  }

  /** So many pushes to everybody, at once. */
  synchronized void burst(int count) {
    for (int i = 0; i < count; i++) {
      openids.forEach(this::push);
    }
  }

  /** Issues no more and waits until every push has an outcome; returns the stream. */
  String rest() {
    synchronized (this) {
      perSecond = 0;
    }
    while (outstanding.get() > 0) {
      Patience.pause(TICK_MILLIS);
    }
    synchronized (this) {
      openids = List.of();
      return stream;
    }
  }

  private synchronized void tick() {
    if (perSecond == 0 || openids.isEmpty()) {
      return;
    }
    long due = (System.nanoTime() - begunNanos) * perSecond * openids.size() / 1_000_000_000L;
    // A process that was paused does not make up for it.
    issued = Math.max(issued, due - openids.size());
    for (; issued < due; issued++) {
      push(openids.get((int) (issued % openids.size())));
    }
  }

  private void push(String openid) {
    if (outstanding.get() >= OUTSTANDING_MAX) {
      return;
    }
    int number = numbers.merge(openid, 1, Integer::sum);
    String issuedIn = stream;
    UpstreamService own = services.get(ZoneRouter.zoneOf(openid));
    UpstreamService service = own == null ? services.values().iterator().next() : own;
    outstanding.incrementAndGet();
    history.sent(issuedIn, openid, number);
    var unused =
        service
            .gateways()
            .pushToPlayer(openid, Notice.of("chaos", "", issuedIn + "|" + number))
            .whenComplete(
                (result, failure) -> {
                  if (result == null) {
                    history.outcome(issuedIn, openid, number, "FAILED", String.valueOf(failure));
                  } else {
                    history.outcome(
                        issuedIn, openid, number, result.outcome().name(), result.gateway());
                  }
                  outstanding.decrementAndGet();
                });
  }
}
