package dev.gatesvr.session;

import dev.gatesvr.proto.ServerPush;
import org.jspecify.annotations.Nullable;

/**
 * Numbered messages from their numbering to their acknowledgement, with three cursors: {@code
 * ackedSeq ≤ sentSeq ≤ lastSeq}. It is the send queue and the replay buffer in one.
 *
 * <p>Holds at most {@code capacity} messages; the caller asks {@link #size} first. Slots grow by
 * doubling and go back when the ring runs empty, so an idle session costs no array. Not
 * thread-safe; confined to its session's shard.
 */
final class ReplayRing {
  private static final int SLOTS_MIN = 8;
  private static final int SLOTS_KEPT_WHEN_EMPTY = 16;
  private static final Slot[] NONE = {};

  /** A message and the request it answers, 0 for a push. */
  private record Slot(ServerPush push, long requestSeq) {}

  private final int capacity;

  /** The message of seq {@code s} is at {@code s & (slots.length - 1)}. */
  private @Nullable Slot[] slots = NONE;

  private long ackedSeq;
  private long sentSeq;
  private long everSentSeq;
  private long lastSeq;
  private long bytes;

  ReplayRing(int capacity) {
    this.capacity = capacity;
  }

  /** Newest position the client acknowledged. */
  long ackedSeq() {
    return ackedSeq;
  }

  /** Newest position handed to the current connection. */
  long sentSeq() {
    return sentSeq;
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
    return (int) (lastSeq - ackedSeq);
  }

  /** Serialized bytes kept. */
  long bytes() {
    return bytes;
  }

  /** True while something that was sent on this connection awaits its acknowledgement. */
  boolean awaitsAck() {
    return sentSeq > ackedSeq;
  }

  /**
   * Gives {@code message} the next position and keeps it.
   *
   * @param requestSeq the client sequence it answers, 0 for a push
   * @throws IllegalStateException when full
   */
  void append(ServerPush.Builder message, long requestSeq) {
    if (size() >= capacity) {
      throw new IllegalStateException("ring size: " + size() + " (expected: < " + capacity + ")");
    }
    if (size() == slots.length) {
      grow();
    }
    lastSeq++;
    ServerPush push = message.setSeqId(lastSeq).build();
    slots[index(lastSeq)] = new Slot(push, requestSeq);
    bytes += push.getSerializedSize();
  }

  /** The next message to send, or null when all were. */
  @Nullable ServerPush unsent() {
    return sentSeq == lastSeq ? null : slot(sentSeq + 1).push();
  }

  /** Notes that {@link #unsent} was handed to the connection. */
  void markSent() {
    if (sentSeq == lastSeq) {
      throw new IllegalStateException("sentSeq: " + sentSeq + " (expected: < lastSeq)");
    }
    sentSeq++;
    everSentSeq = Math.max(everSentSeq, sentSeq);
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
    while (ackedSeq < seq) {
      ackedSeq++;
      bytes -= slot(ackedSeq).push().getSerializedSize();
      slots[index(ackedSeq)] = null;
    }
    sentSeq = Math.max(sentSeq, ackedSeq);
    if (size() == 0 && slots.length > SLOTS_KEPT_WHEN_EMPTY) {
      slots = NONE;
    }
    return true;
  }

  /** Forgets what was sent, so that everything unacknowledged is sent again. */
  void rewind() {
    sentSeq = ackedSeq;
  }

  /** True when the answer to the request is kept, sent or not. */
  boolean holdsAnswerTo(long requestSeq) {
    for (long seq = ackedSeq + 1; seq <= lastSeq; seq++) {
      if (slot(seq).requestSeq() == requestSeq) {
        return true;
      }
    }
    return false;
  }

  private Slot slot(long seq) {
    Slot slot = slots[index(seq)];
    if (slot == null) {
      throw new IllegalStateException(
          "no message at seq " + seq + " (kept: " + (ackedSeq + 1) + " to " + lastSeq + ")");
    }
    return slot;
  }

  private int index(long seq) {
    return (int) (seq & (slots.length - 1));
  }

  private void grow() {
    @Nullable Slot[] old = slots;
    @Nullable Slot[] larger = new @Nullable Slot[Math.max(SLOTS_MIN, old.length * 2)];
    for (long seq = ackedSeq + 1; seq <= lastSeq; seq++) {
      larger[(int) (seq & (larger.length - 1))] = old[(int) (seq & (old.length - 1))];
    }
    slots = larger;
  }
}
