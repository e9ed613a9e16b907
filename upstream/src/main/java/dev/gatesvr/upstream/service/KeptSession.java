package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.service.Slot.Done;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the window knows of one session. Not thread-safe; confined to its window.
 *
 * <p>{@code floor}: a sequence up to here that has no slot was settled, or its answer was dropped.
 * Above it everything that ever arrived since this record was made still has its slot. {@code
 * doubt}: as the floor, but carried over from an earlier record of the session, and only an upper
 * bound.
 *
 * @param <W> who waits for an answer
 */
final class KeptSession<W> {
  /** A guess at the heap around one record and around one answer, so that bytes mean memory. */
  static final long RECORD_BYTES = 320;

  static final long SLOT_BYTES = 160;

  private final String id;
  private final long doubt;
  private final TreeMap<Long, Slot<W>> slots = new TreeMap<>();
  private long floor;
  private long highestSeq;
  private int running;
  private int done;
  private long bytes = RECORD_BYTES;
  private long touchedNanos;

  KeptSession(String id, long doubt, long nowNanos) {
    this.id = id;
    this.doubt = doubt;
    this.touchedNanos = nowNanos;
  }

  String id() {
    return id;
  }

  long floor() {
    return floor;
  }

  long doubt() {
    return doubt;
  }

  /** The highest sequence that may have arrived. */
  long highestSeq() {
    return Math.max(highestSeq, floor);
  }

  boolean idle() {
    return running == 0;
  }

  int results() {
    return done;
  }

  long bytes() {
    return bytes;
  }

  long touchedNanos() {
    return touchedNanos;
  }

  void touch(long nowNanos) {
    touchedNanos = nowNanos;
  }

  @Nullable Slot<W> at(long seq) {
    return slots.get(seq);
  }

  Running<W> run(long seq, W waiter) {
    Running<W> started = new Running<>(this, seq, waiter);
    put(seq, started);
    highestSeq = Math.max(highestSeq, seq);
    running++;
    return started;
  }

  /** The run never happened: nothing is remembered of it. */
  void abandon(Running<W> run) {
    slots.remove(run.seq());
    running--;
  }

  void keep(Running<W> run, UpstreamResponse response, long nowNanos) {
    long size = SLOT_BYTES + response.getSerializedSize();
    put(run.seq(), new Done<>(response, size, nowNanos));
    running--;
    done++;
    bytes += size;
  }

  /** Nothing up to here comes again. */
  void settle(long upTo) {
    Iterator<Map.Entry<Long, Slot<W>>> lowest = slots.headMap(upTo, true).entrySet().iterator();
    while (lowest.hasNext()) {
      if (lowest.next().getValue() instanceof Done<W> settled) {
        lowest.remove();
        forgot(settled);
      }
    }
    floor = Math.max(floor, upTo);
  }

  /** Drops the lowest answers that are too old. */
  void expire(long agedNanos, long nowNanos) {
    Map.Entry<Long, Slot<W>> lowest = slots.firstEntry();
    while (lowest != null
        && lowest.getValue() instanceof Done<W> answer
        && nowNanos - answer.doneNanos() >= agedNanos) {
      drop(lowest.getKey(), answer);
      lowest = slots.firstEntry();
    }
  }

  /** Drops the lowest answer; false when there is none. */
  boolean dropLowest() {
    for (Map.Entry<Long, Slot<W>> entry : slots.entrySet()) {
      if (entry.getValue() instanceof Done<W> answer) {
        drop(entry.getKey(), answer);
        return true;
      }
    }
    return false;
  }

  private void drop(long seq, Done<W> answer) {
    slots.remove(seq);
    floor = Math.max(floor, seq);
    forgot(answer);
  }

  private void forgot(Done<W> answer) {
    done--;
    bytes -= answer.bytes();
  }

  private void put(long seq, Slot<W> slot) {
    var unused = slots.put(seq, slot);
  }
}
