package dev.gatesvr.session;

import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.ServerPush;
import org.jspecify.annotations.Nullable;

/** A message at its position, or a gap: positions whose messages were dropped. */
final class Slot {
  /** First position; the only one while it is a message. */
  long firstSeq;

  long lastSeq;

  /** Null in a gap. */
  @Nullable ServerPush push;

  /** The request it answers, 0 for a push. */
  final long requestSeq;

  /** When it was numbered, monotonic. */
  final long keptNanos;

  /** What it is the newest state of; empty for none. */
  final String key;

  /** May be dropped: declared so, or followed by a newer state of the same key. */
  boolean droppable;

  /** Why it is a gap. */
  Gap.Reason reason = Gap.Reason.UNKNOWN;

  Slot(ServerPush push, long requestSeq, String key, boolean droppable, long keptNanos) {
    this.firstSeq = push.getSeqId();
    this.lastSeq = push.getSeqId();
    this.push = push;
    this.requestSeq = requestSeq;
    this.key = key;
    this.droppable = droppable;
    this.keptNanos = keptNanos;
  }

  boolean isGap() {
    return push == null;
  }

  int bytes() {
    return push == null ? 0 : push.getSerializedSize();
  }

  /** Forgets the message; its position stays. */
  void becomeGap(Gap.Reason why) {
    push = null;
    droppable = false;
    reason = why;
  }
}
