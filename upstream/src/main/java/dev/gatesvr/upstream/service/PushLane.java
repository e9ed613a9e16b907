package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UnicastPushRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The pushes to one target that have no outcome yet, in the order they were issued. Guarded by the
 * lock of its {@link PushLanes}.
 *
 * <pre>
 *                    the route changed, or the gateway does not lead
 *   pipelined ------------------------------------------------------> one at a time
 *       ^                        nothing is left                            |
 *       +-------------------------------------------------------------------+
 * </pre>
 */
final class PushLane {
  private final Target target;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>(2);
  private @Nullable GatewayLink route;
  private boolean oneAtATime;
  private int underWay;

  /** Whom a push is addressed to, as it is addressed. */
  record Target(String type, String id) {
    static Target of(UnicastPushRequest request) {
      return new Target(request.getTargetType(), request.getTargetId());
    }
  }

  /** One push. */
  static final class Entry {
    final PushLane lane;
    final UnicastPushRequest request;
    final long endNanos;
    final CompletableFuture<PushResult> result = new CompletableFuture<>();

    /** Where later ones follow without waiting; null while it is sent alone. */
    @Nullable GatewayLink pipelinedTo;

    boolean sent;

    /** A later push of the target was taken, or may have been. */
    boolean overtaken;

    private Entry(PushLane lane, UnicastPushRequest request, long endNanos) {
      this.lane = lane;
      this.request = request;
      this.endNanos = endNanos;
    }
  }

  PushLane(Target target) {
    this.target = target;
  }

  Target target() {
    return target;
  }

  /** True when a new push may follow those under way at once. */
  boolean pipelines(@Nullable GatewayLink newest) {
    return !oneAtATime && newest != null && (entries.isEmpty() || newest == route);
  }

  Entry add(UnicastPushRequest request, long endNanos) {
    Entry entry = new Entry(this, request, endNanos);
    entries.add(entry);
    return entry;
  }

  void sendPipelined(Entry entry, GatewayLink to) {
    route = to;
    entry.pipelinedTo = to;
    sent(entry);
  }

  /** From now on until it is empty. */
  void takeTurns() {
    oneAtATime = true;
  }

  /** The next to send alone, or null when there is none or one is under way. */
  @Nullable Entry next() {
    Entry first = entries.peekFirst();
    if (first == null || underWay > 0) {
      return null;
    }
    first.pipelinedTo = null;
    sent(first);
    return first;
  }

  private void sent(Entry entry) {
    entry.sent = true;
    underWay++;
  }

  /** A round ended without an outcome. */
  void held(Entry entry) {
    underWay--;
    entry.sent = false;
    takeTurns();
  }

  /** A round ended with an outcome. Call {@link #overtake} before, where it is due. */
  void settled(Entry entry) {
    underWay--;
    entries.remove(entry);
  }

  /** Everything before the entry is overtaken; returns and drops what is not under way. */
  List<Entry> overtake(Entry by) {
    List<Entry> given = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry == by) {
        break;
      }
      entry.overtaken = true;
      if (!entry.sent) {
        given.add(entry);
      }
    }
    entries.removeAll(given);
    return given;
  }

  /** Drops and returns the first ones that wait and whose time is over. */
  List<Entry> expire(long nowNanos) {
    List<Entry> expired = new ArrayList<>();
    Entry first = entries.peekFirst();
    while (first != null && !first.sent && first.endNanos - nowNanos <= 0) {
      expired.add(entries.remove());
      first = entries.peekFirst();
    }
    return expired;
  }

  /** Drops and returns everything that is not under way. */
  List<Entry> dropWaiting() {
    List<Entry> waiting = entries.stream().filter(entry -> !entry.sent).toList();
    entries.removeAll(waiting);
    return waiting;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean idle() {
    return underWay == 0;
  }

  boolean oneAtATime() {
    return oneAtATime;
  }
}
