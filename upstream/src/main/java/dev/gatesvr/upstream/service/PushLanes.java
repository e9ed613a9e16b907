package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.upstream.service.Offered.Leaderless;
import dev.gatesvr.upstream.service.Offered.Settled;
import dev.gatesvr.upstream.service.PushLane.Entry;
import dev.gatesvr.upstream.service.PushLane.Target;
import dev.gatesvr.upstream.service.PushResult.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps pushes to one target in order while a pair of gateways changes its leader, and holds back
 * what certainly was not taken until somebody leads again or its time is over. Thread-safe.
 *
 * <p>Usually every push is sent at once. When the gateway to ask changes, or says that it does not
 * lead, the pushes of that target go one at a time, in the order they were issued, until none is
 * left. A push that a later one of its target overtook is refused, never delivered late.
 *
 * <p>While nobody leads, one push at a time asks for all that wait, every {@link #LOOK_NANOS}.
 *
 * <p>Bounds: {@link #HELD_MAX} pushes and {@link #HELD_BYTES_MAX} bytes wait; one more is refused
 * with {@code RESOURCE_EXHAUSTED}.
 */
final class PushLanes {
  /** Two seconds at eight thousand pushes each. */
  static final int HELD_MAX = 16_384;

  static final long HELD_BYTES_MAX = 64L * 1024 * 1024;

  /** A failover takes tens of milliseconds; this is little of that and costs one call each. */
  static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final Logger log = LoggerFactory.getLogger(PushLanes.class);

  private final Offers offers;
  private final Executor callbacks;
  private final ScheduledExecutorService timer;
  private final long retryNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Target, PushLane> lanes = new HashMap<>();

  /** Lanes whose first push found nobody that leads. */
  private final Set<PushLane> leaderless = new LinkedHashSet<>();

  private int held;
  private long heldBytes;
  private @Nullable Entry scout;
  private boolean lookPlanned;
  private boolean closed;

  /** The way to the gateways. */
  interface Offers {
    /** The gateway that would be asked first and is not known to be a standby; null for none. */
    @Nullable GatewayLink route();

    /**
     * Offers a push to the gateways once.
     *
     * @param pipelinedTo the only one to ask when it does not lead; null for all
     */
    CompletableFuture<Offered> offer(UnicastPushRequest request, @Nullable GatewayLink pipelinedTo);
  }

  private record Told(Entry entry, PushResult result) {
    void tell() {
      entry.result.complete(result);
    }
  }

  /**
   * @param callbacks where held pushes go on; may block
   * @param retryNanos how long a push that certainly was not taken is offered again
   */
  PushLanes(Offers offers, Executor callbacks, ScheduledExecutorService timer, long retryNanos) {
    this.offers = offers;
    this.callbacks = callbacks;
    this.timer = timer;
    this.retryNanos = retryNanos;
  }

  CompletableFuture<PushResult> push(UnicastPushRequest request) {
    GatewayLink route = offers.route();
    Entry entry;
    boolean send;
    lock.lock();
    try {
      PushLane lane = lanes.computeIfAbsent(Target.of(request), PushLane::new);
      long endNanos = System.nanoTime() + retryNanos;
      if (route != null && lane.pipelines(route)) {
        entry = lane.add(request, endNanos);
        lane.sendPipelined(entry, route);
        send = true;
      } else if (lane.isEmpty()) {
        lane.takeTurns();
        entry = lane.add(request, endNanos);
        lane.next();
        send = true;
      } else if (fits(request)) {
        lane.takeTurns();
        entry = lane.add(request, endNanos);
        hold(entry);
        send = false;
      } else {
        return CompletableFuture.completedFuture(tooMany());
      }
    } finally {
      lock.unlock();
    }
    if (send) {
      dispatch(entry);
    }
    return entry.result;
  }

  /** Pushes that wait for a gateway that leads, or for an earlier one that does. */
  int held() {
    lock.lock();
    try {
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing waits from now on; what does is told so. */
  void close() {
    List<Told> told = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      leaderless.clear();
      for (PushLane lane : lanes.values()) {
        for (Entry entry : lane.dropWaiting()) {
          give(entry, stopping(), told);
        }
      }
      lanes.values().removeIf(PushLane::isEmpty);
    } finally {
      lock.unlock();
    }
    told.forEach(Told::tell);
  }

  /** Sends it, and after it what may be sent then. A loop, for outcomes may come at once. */
  private void dispatch(@Nullable Entry first) {
    Entry entry = first;
    while (entry != null) {
      Entry sent = entry;
      CompletableFuture<Offered> offered = offers.offer(sent.request, sent.pipelinedTo);
      if (!offered.isDone()) {
        var unused =
            offered.handle(
                (outcome, failure) -> {
                  dispatch(settle(sent, outcome == null ? broken(failure) : outcome));
                  return outcome;
                });
        return;
      }
      entry = settle(sent, offered.join());
    }
  }

  /** A round ended; returns the next push of the lane to send now, null for none. */
  private @Nullable Entry settle(Entry entry, Offered offered) {
    List<Told> told = new ArrayList<>(1);
    List<Entry> woken = List.of();
    Entry next = null;
    lock.lock();
    try {
      PushLane lane = entry.lane;
      PushResult outcome = outcomeOf(entry, offered);
      if (outcome == null) {
        lane.held(entry);
        hold(entry);
      } else {
        if (outcome.accepted() || outcome.outcome() == Outcome.UNKNOWN) {
          for (Entry overtaken : lane.overtake(entry)) {
            give(overtaken, overtaken(), told);
          }
        }
        lane.settled(entry);
        told.add(new Told(entry, outcome));
      }
      if (entry == scout) {
        scout = null;
      }
      if (lane.isEmpty()) {
        lanes.remove(lane.target());
      } else if (lane.idle() && lane.oneAtATime()) {
        if (outcome == null && offered instanceof Leaderless) {
          leaderless.add(lane);
          planLook();
        } else {
          next = take(lane);
        }
      }
      if (offered instanceof Settled settled
          && settled.result().outcome() != Outcome.UNKNOWN
          && !leaderless.isEmpty()) {
        woken = wakeAll();
      }
    } finally {
      lock.unlock();
    }
    told.forEach(Told::tell);
    woken.forEach(this::dispatch);
    return next;
  }

  /** Null when it is held for another round. */
  private @Nullable PushResult outcomeOf(Entry entry, Offered offered) {
    if (offered instanceof Settled settled) {
      return settled.result();
    }
    if (closed) {
      return stopping();
    }
    if (entry.overtaken) {
      return overtaken();
    }
    if (offered instanceof Leaderless && entry.endNanos - System.nanoTime() <= 0) {
      return late();
    }
    return fits(entry.request) ? null : tooMany();
  }

  private static Offered broken(@Nullable Throwable failure) {
    log.error("offering a push failed", failure);
    return new Settled(new PushResult(Outcome.UNKNOWN, "", String.valueOf(failure), ""));
  }

  private List<Entry> wakeAll() {
    List<Entry> woken = new ArrayList<>();
    for (PushLane lane : leaderless) {
      Entry first = take(lane);
      if (first != null) {
        woken.add(first);
      }
    }
    leaderless.clear();
    return woken;
  }

  private void planLook() {
    if (lookPlanned) {
      return;
    }
    try {
      var unused =
          timer.schedule(() -> callbacks.execute(this::look), LOOK_NANOS, TimeUnit.NANOSECONDS);
      lookPlanned = true;
    } catch (RejectedExecutionException e) {
      // close() is on its way, or was here; it tells those that wait.
      log.debug("nothing is tried again: the service stops");
    }
  }

  /** Gives up what waited too long, and lets one of the others ask. */
  private void look() {
    List<Told> told = new ArrayList<>();
    Entry asks = null;
    lock.lock();
    try {
      lookPlanned = false;
      long nowNanos = System.nanoTime();
      for (PushLane lane : List.copyOf(leaderless)) {
        for (Entry entry : lane.expire(nowNanos)) {
          give(entry, late(), told);
        }
        if (lane.isEmpty()) {
          leaderless.remove(lane);
          lanes.remove(lane.target());
        }
      }
      if (scout == null && !leaderless.isEmpty()) {
        // It comes back as the last, so that every lane has its turn.
        PushLane first = leaderless.iterator().next();
        leaderless.remove(first);
        scout = take(first);
        asks = scout;
      }
      if (!leaderless.isEmpty()) {
        planLook();
      }
    } finally {
      lock.unlock();
    }
    told.forEach(Told::tell);
    dispatch(asks);
  }

  private @Nullable Entry take(PushLane lane) {
    Entry entry = lane.next();
    if (entry != null) {
      unhold(entry);
    }
    return entry;
  }

  private void give(Entry entry, PushResult result, List<Told> told) {
    unhold(entry);
    told.add(new Told(entry, result));
  }

  private boolean fits(UnicastPushRequest request) {
    return held < HELD_MAX && heldBytes + request.getSerializedSize() <= HELD_BYTES_MAX;
  }

  private void hold(Entry entry) {
    held++;
    heldBytes += entry.request.getSerializedSize();
  }

  private void unhold(Entry entry) {
    held--;
    heldBytes -= entry.request.getSerializedSize();
  }

  private static PushResult late() {
    return Offered.notPrimary("no gateway of its pair leads, and the time to try again is over");
  }

  private static PushResult overtaken() {
    return Offered.notPrimary("a later push to the same target was taken before it");
  }

  private static PushResult stopping() {
    return Offered.notPrimary("no gateway of its pair leads, and the service stops");
  }

  private static PushResult tooMany() {
    return new PushResult(
        Outcome.REFUSED, "", "too many pushes wait for a gateway that leads", "RESOURCE_EXHAUSTED");
  }
}
