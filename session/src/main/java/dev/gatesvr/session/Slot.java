package dev.gatesvr.session;

import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.KeptMessage;
import dev.gatesvr.proto.KeptSlot;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.ServerPush;
import java.util.concurrent.TimeUnit;
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

  private Slot(Gap gap, long nowNanos) {
    this.firstSeq = gap.getFirstSeqId();
    this.lastSeq = gap.getLastSeqId();
    this.requestSeq = 0;
    this.key = "";
    this.keptNanos = nowNanos;
    this.reason = gap.getReason();
  }

  /** As a snapshot has it. */
  static Slot restore(KeptSlot kept, long nowNanos) {
    if (kept.hasGap()) {
      return new Slot(kept.getGap(), nowNanos);
    }
    KeptMessage message = kept.getMessage();
    return new Slot(
        message.getMessage(),
        message.getRequestSeq(),
        message.getKey(),
        message.getSuperseded() || message.getPolicy() == PushPolicy.POLICY_DROPPABLE,
        nowNanos - TimeUnit.MILLISECONDS.toNanos(message.getAgeMs()));
  }

  /** For a snapshot. */
  KeptSlot capture(long nowNanos) {
    if (push == null) {
      return KeptSlot.newBuilder()
          .setGap(Gap.newBuilder().setFirstSeqId(firstSeq).setLastSeqId(lastSeq).setReason(reason))
          .build();
    }
    boolean keyed = !key.isEmpty();
    PushPolicy unkeyed = droppable ? PushPolicy.POLICY_DROPPABLE : PushPolicy.POLICY_RELIABLE;
    return KeptSlot.newBuilder()
        .setMessage(
            KeptMessage.newBuilder()
                .setMessage(push)
                .setRequestSeq(requestSeq)
                .setPolicy(keyed ? PushPolicy.POLICY_LATEST : unkeyed)
                .setKey(key)
                .setSuperseded(keyed && droppable)
                .setAgeMs(SessionReplica.millis(nowNanos - keptNanos)))
        .build();
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
