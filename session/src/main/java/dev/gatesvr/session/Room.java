package dev.gatesvr.session;

import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.Gap;
import org.jspecify.annotations.Nullable;

/**
 * Whether a ring takes one more message, and what gives way for it. Counts the places that accepted
 * requests have reserved for their answers.
 */
final class Room {
  private final ReplayRing ring;
  private final RequestQueue requests;
  private final SessionLimits limits;

  Room(ReplayRing ring, RequestQueue requests, SessionLimits limits) {
    this.ring = ring;
    this.requests = requests;
    this.limits = limits;
  }

  /** Why no further request is taken now, or null when one is. */
  @Nullable Refusal refusal(int requestBytes) {
    if (requests.size() >= limits.outstandingRequestsMax()) {
      return tooMuch("too many requests outstanding (max " + limits.outstandingRequestsMax() + ")");
    }
    // A single request larger than the bound may run alone.
    if (requests.size() > 0 && requests.bytes() + requestBytes > limits.outstandingBytesMax()) {
      return tooMuch("too many bytes outstanding (max " + limits.outstandingBytesMax() + ")");
    }
    if (!make(0, "", false)) {
      return tooMuch(
          "too much unacknowledged (max "
              + limits.replayMessagesMax()
              + " messages, "
              + limits.replayBytesMax()
              + " bytes)");
    }
    return null;
  }

  private static Refusal tooMuch(String message) {
    return new Refusal(ErrorCode.RATE_LIMITED, message, Refusal.RETRY_AFTER_FULL_MILLIS);
  }

  private boolean lacks(int bytes) {
    return ring.size() + requests.reservedPlaces() >= limits.replayMessagesMax()
        || ring.bytes() + requests.boundBytes() + bytes > limits.replayBytesMax();
  }

  /**
   * Makes room for one more message by dropping what was declared droppable, oldest first. Drops
   * nothing when that would not be enough.
   *
   * @param key of the message to come; what it makes outdated may go too
   * @param memoryFull as many bytes must become free as are needed
   * @return false when there is no room
   */
  boolean make(int bytes, String key, boolean memoryFull) {
    if (!lacks(bytes) && !memoryFull) {
      return true;
    }
    Slot outdated = ring.newestOf(key);
    if (!enoughGivesWay(bytes, outdated, memoryFull)) {
      return false;
    }
    long before = ring.bytes();
    while (lacks(bytes) || (memoryFull && before - ring.bytes() < bytes)) {
      if (ring.droppables() > 0) {
        ring.dropOldestDroppable(Gap.Reason.CAPACITY);
      } else if (outdated != null) {
        ring.dropOutdated(outdated);
        outdated = null;
      } else {
        throw new IllegalStateException("nothing gives way for " + bytes + " bytes");
      }
    }
    return true;
  }

  /** True when the bytes kept leave room for an answer of any size; drops what may go for it. */
  boolean takesAnswer() {
    while (ring.bytes() >= limits.replayBytesMax() && ring.droppables() > 0) {
      ring.dropOldestDroppable(Gap.Reason.CAPACITY);
    }
    return ring.bytes() < limits.replayBytesMax();
  }

  private boolean enoughGivesWay(int bytes, @Nullable Slot outdated, boolean memoryFull) {
    int places = ring.droppables() + (outdated == null ? 0 : 1);
    long freeable = ring.droppableBytes() + (outdated == null ? 0 : outdated.bytes());
    return ring.size() - places + requests.reservedPlaces() < limits.replayMessagesMax()
        && ring.bytes() - freeable + requests.boundBytes() + bytes <= limits.replayBytesMax()
        && (!memoryFull || freeable >= bytes);
  }

  /** Drops what grew too old and may be dropped. */
  void dropAged(long nowNanos) {
    while (ring.droppables() > 0 && nowNanos >= agesNanos()) {
      ring.dropOldestDroppable(Gap.Reason.AGE);
    }
  }

  /** When the oldest message that may be dropped grows too old, or {@link Session#NO_DEADLINE}. */
  long agesNanos() {
    return ring.droppables() == 0
        ? Session.NO_DEADLINE
        : ring.oldestDroppableNanos() + limits.replayAgeNanos();
  }

  /** True while a message waits that is too old and may not be dropped. */
  boolean holdsAged(long nowNanos) {
    return ring.size() > 0 && nowNanos - ring.oldestNanos() >= limits.replayAgeNanos();
  }
}
