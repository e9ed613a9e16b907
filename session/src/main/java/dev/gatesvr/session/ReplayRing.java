package dev.gatesvr.session;

import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.KeptSlot;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.SessionState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbered messages from their numbering to their acknowledgement, with three cursors: {@code
 * ackedSeq ≤ sentSeq ≤ lastSeq}. It is the send queue and the replay buffer in one.
 *
 * <p>A message that was declared droppable can be dropped before its acknowledgement. A {@link Slot
 * gap} then stands at its position, neighbouring gaps grow into one, and the client is told of it
 * in its turn. A gap that left and one that did not are kept apart.
 *
 * <p>Holds at most {@code capacity} messages (the caller asks {@link #size} first) and at most one
 * gap more than messages. Slots grow by doubling and go back when the ring runs empty, so an idle
 * session costs no array. Not thread-safe; confined to its session's shard.
 */
final class ReplayRing {
  private static final int SLOTS_MIN = 8;
  private static final int SLOTS_KEPT_WHEN_EMPTY = 16;
  private static final Slot[] NONE = {};

  private final int capacity;
  private Recorder recorder;

  /** Circular; the oldest is at {@code head}. */
  private @Nullable Slot[] slots = NONE;

  private int head;
  private int count;

  /** How many of the oldest left on the current connection. */
  private int sent;

  /** None of the oldest so many may be dropped. */
  private int firmUpTo;

  private long ackedSeq;
  private long everSentSeq;

  /** Nothing above it may leave yet. */
  private long releasedSeq;

  private long lastSeq;
  private int messages;
  private long bytes;
  private int droppables;
  private long droppableBytes;
  private @Nullable Map<String, Slot> newestOfKey;

  ReplayRing(int capacity, Recorder recorder) {
    this.capacity = capacity;
    this.recorder = recorder;
  }

  void recordTo(Recorder newRecorder) {
    recorder = newRecorder;
  }

  /** Newest position the client acknowledged. */
  long ackedSeq() {
    return ackedSeq;
  }

  /** Newest position handed to the current connection. */
  long sentSeq() {
    return sent == 0 ? ackedSeq : at(sent - 1).lastSeq;
  }

  /** Newest position handed to any connection: what the client can have seen. */
  long everSentSeq() {
    return everSentSeq;
  }

  /** Newest position given out. */
  long lastSeq() {
    return lastSeq;
  }

  /** Messages kept. */
  int size() {
    return messages;
  }

  /** Messages and gaps kept. */
  int slotCount() {
    return count;
  }

  /** Serialized bytes kept. */
  long bytes() {
    return bytes;
  }

  /** Kept messages that may be dropped. */
  int droppables() {
    return droppables;
  }

  /** Their bytes. */
  long droppableBytes() {
    return droppableBytes;
  }

  /** True while something that was sent on this connection awaits its acknowledgement. */
  boolean awaitsAck() {
    return sent > 0;
  }

  // ---------------------------------------------------------------- in

  /**
   * Gives {@code message} the next position and keeps it.
   *
   * @param requestSeq the client sequence it answers, 0 for a push
   * @param delivery what may happen to it
   * @return it, with its position
   * @throws IllegalStateException when full
   */
  ServerPush append(ServerPush.Builder message, long requestSeq, Delivery delivery, long nowNanos) {
    if (messages >= capacity) {
      throw new IllegalStateException("ring size: " + messages + " (expected: < " + capacity + ")");
    }
    ServerPush push = message.setSeqId(lastSeq + 1).build();
    put(new Slot(push, requestSeq, delivery.key(), delivery.droppable(), nowNanos));
    if (!recorder.holding()) {
      releasedSeq = lastSeq;
    }
    return push;
  }

  private void put(Slot slot) {
    if (count == slots.length) {
      grow();
    }
    slots[index(count)] = slot;
    count++;
    lastSeq = slot.lastSeq;
    if (slot.isGap()) {
      return;
    }
    messages++;
    bytes += slot.bytes();
    if (slot.droppable) {
      droppables++;
      droppableBytes += slot.bytes();
    }
    if (!slot.key.isEmpty()) {
      supersede(slot);
    }
  }

  private void supersede(Slot newest) {
    if (newestOfKey == null) {
      newestOfKey = new HashMap<>();
    }
    Slot older = newestOfKey.put(newest.key, newest);
    if (older != null && !older.droppable) {
      older.droppable = true;
      droppables++;
      droppableBytes += older.bytes();
      firmUpTo = Math.min(firmUpTo, position(older.firstSeq));
    }
  }

  // ---------------------------------------------------------------- out

  /** The next message or gap that may be sent, or null when all were. */
  @Nullable Slot unsent() {
    if (sent == count) {
      return null;
    }
    Slot next = at(sent);
    return next.lastSeq > releasedSeq ? null : next;
  }

  /** True when nothing is left to send, whether it may leave or not. */
  boolean allSent() {
    return sent == count;
  }

  /** Everything up to here may leave. */
  void release(long seq) {
    releasedSeq = Math.max(releasedSeq, Math.min(seq, lastSeq));
  }

  /** Everything up to here may have left, in this process or another. */
  void everSent(long seq) {
    everSentSeq = Math.max(everSentSeq, Math.min(seq, lastSeq));
  }

  /** Notes that {@link #unsent} was handed to the connection. */
  void markSent() {
    if (sent == count) {
      throw new IllegalStateException("sentSeq: " + sentSeq() + " (expected: < lastSeq)");
    }
    everSentSeq = Math.max(everSentSeq, at(sent).lastSeq);
    sent++;
    joinWithNext(sent - 2);
  }

  /** Forgets what was sent, so that everything unacknowledged is sent again. */
  void rewind() {
    int boundary = sent;
    sent = 0;
    joinWithNext(boundary - 1);
  }

  /**
   * Drops everything up to {@code seq}. A stale acknowledgement does nothing.
   *
   * @return true when it freed something
   * @throws IllegalArgumentException above what was ever sent
   */
  boolean ack(long seq) {
    if (seq > everSentSeq) {
      throw new IllegalArgumentException("ack: " + seq + " (expected: <= " + everSentSeq + ")");
    }
    if (seq <= ackedSeq) {
      return false;
    }
    while (count > 0 && at(0).lastSeq <= seq) {
      removeOldest();
    }
    if (count > 0 && at(0).firstSeq <= seq) {
      // The client handled the first of what became a gap afterwards.
      at(0).firstSeq = seq + 1;
    }
    ackedSeq = seq;
    if (count == 0) {
      head = 0;
      if (slots.length > SLOTS_KEPT_WHEN_EMPTY) {
        slots = NONE;
      }
    }
    return true;
  }

  private void removeOldest() {
    Slot oldest = at(0);
    if (!oldest.isGap()) {
      forget(oldest);
    }
    slots[index(0)] = null;
    head = (head + 1) & (slots.length - 1);
    count--;
    sent = Math.max(0, sent - 1);
    firmUpTo = Math.max(0, firmUpTo - 1);
  }

  /** Takes a message out of the counts. */
  private void forget(Slot slot) {
    messages--;
    bytes -= slot.bytes();
    if (slot.droppable) {
      droppables--;
      droppableBytes -= slot.bytes();
    }
    if (newestOfKey != null && !slot.key.isEmpty()) {
      newestOfKey.remove(slot.key, slot);
      newestOfKey = newestOfKey.isEmpty() ? null : newestOfKey;
    }
  }

  // ---------------------------------------------------------------- dropping

  /** When the oldest message that may be dropped was numbered; only while there is one. */
  long oldestDroppableNanos() {
    return at(oldestDroppable()).keptNanos;
  }

  /** When the oldest message was numbered; only while there is one. */
  long oldestNanos() {
    int oldest = 0;
    while (at(oldest).isGap()) {
      oldest++;
    }
    return at(oldest).keptNanos;
  }

  /** Puts a gap in the place of the oldest message that may be dropped; there must be one. */
  void dropOldestDroppable(Gap.Reason reason) {
    drop(oldestDroppable(), reason);
  }

  /** The newest message of the key, or null. */
  @Nullable Slot newestOf(String key) {
    return newestOfKey == null || key.isEmpty() ? null : newestOfKey.get(key);
  }

  /** Puts a gap in the place of a message whose newer state is about to follow. */
  void dropOutdated(Slot slot) {
    drop(position(slot.firstSeq), Gap.Reason.CAPACITY);
  }

  /**
   * Drops the message at a position, as the primary did.
   *
   * @throws IllegalStateException when there is none
   */
  void dropAt(long seq, Gap.Reason reason) {
    int position = count == 0 ? 0 : position(seq);
    if (count == 0 || at(position).isGap() || at(position).firstSeq != seq) {
      throw new IllegalStateException("no message at " + seq + " to drop");
    }
    drop(position, reason);
  }

  private int oldestDroppable() {
    while (firmUpTo < count && !at(firmUpTo).droppable) {
      firmUpTo++;
    }
    if (firmUpTo == count) {
      throw new IllegalStateException("nothing may be dropped (expected: droppables > 0)");
    }
    return firmUpTo;
  }

  private void drop(int position, Gap.Reason reason) {
    Slot slot = at(position);
    recorder.dropped(slot.firstSeq, reason);
    forget(slot);
    slot.becomeGap(reason);
    joinWithNext(position);
    joinWithNext(position - 1);
  }

  private void joinWithNext(int position) {
    boolean apart = position < 0 || position + 1 >= count || position + 1 == sent;
    if (apart || !at(position).isGap() || !at(position + 1).isGap()) {
      return;
    }
    Slot gap = at(position);
    Slot next = at(position + 1);
    gap.lastSeq = next.lastSeq;
    gap.reason = next.reason;
    removeGap(position + 1);
  }

  private void removeGap(int position) {
    if (position < count / 2) {
      for (int i = position; i > 0; i--) {
        slots[index(i)] = at(i - 1);
      }
      slots[index(0)] = null;
      head = (head + 1) & (slots.length - 1);
    } else {
      for (int i = position; i < count - 1; i++) {
        slots[index(i)] = at(i + 1);
      }
      slots[index(count - 1)] = null;
    }
    count--;
    sent -= position < sent ? 1 : 0;
    firmUpTo -= position < firmUpTo ? 1 : 0;
  }

  // ---------------------------------------------------------------- on the standby

  /** Everything kept, oldest first. */
  void capture(SessionState.Builder state, long nowNanos) {
    state.setAckedSeq(ackedSeq).setEverSentSeq(everSentSeq).setLastSeq(lastSeq);
    for (int i = 0; i < count; i++) {
      state.addSlots(at(i).capture(nowNanos));
    }
  }

  /**
   * Takes the place of an empty ring.
   *
   * @throws IllegalArgumentException when positions do not follow one another
   */
  void restore(SessionState state, long nowNanos) {
    ackedSeq = state.getAckedSeq();
    lastSeq = ackedSeq;
    for (KeptSlot kept : state.getSlotsList()) {
      Slot slot = Slot.restore(kept, nowNanos);
      if (slot.firstSeq != lastSeq + 1 || messages >= capacity) {
        throw new IllegalArgumentException(
            "slot: " + slot.firstSeq + " (expected: " + (lastSeq + 1) + ", <= " + capacity + ")");
      }
      put(slot);
    }
    if (lastSeq != state.getLastSeq() || state.getEverSentSeq() > lastSeq) {
      throw new IllegalArgumentException(
          "lastSeq: " + state.getLastSeq() + " (expected: " + lastSeq + ")");
    }
    everSentSeq = state.getEverSentSeq();
    releasedSeq = lastSeq;
  }

  /** Mixes in what two equal rings have alike; gaps may be cut differently. */
  long digest(long digest) {
    long mixed = SessionReplica.mix(SessionReplica.mix(digest, ackedSeq), lastSeq);
    for (int i = 0; i < count; i++) {
      Slot slot = at(i);
      if (slot.push != null) {
        mixed = SessionReplica.mix(mixed, slot.push);
        mixed = SessionReplica.mix(mixed, slot.droppable ? -slot.firstSeq : slot.firstSeq);
      }
    }
    return mixed;
  }

  // ---------------------------------------------------------------- looking

  /** True when the answer to the request is kept, sent or not. */
  boolean holdsAnswerTo(long requestSeq) {
    for (int i = 0; i < count; i++) {
      if (at(i).requestSeq == requestSeq) {
        return true;
      }
    }
    return false;
  }

  /** Where the slot with the position is, counted from the oldest. */
  private int position(long seq) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (at(middle).firstSeq <= seq) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private Slot at(int position) {
    Slot slot = slots[index(position)];
    if (slot == null) {
      throw new IllegalStateException("no slot " + position + " (expected: < " + count + ")");
    }
    return slot;
  }

  private int index(int position) {
    return (head + position) & (slots.length - 1);
  }

  private void grow() {
    @Nullable Slot[] larger = new @Nullable Slot[Math.max(SLOTS_MIN, slots.length * 2)];
    for (int i = 0; i < count; i++) {
      larger[i] = at(i);
    }
    slots = larger;
    head = 0;
  }
}
