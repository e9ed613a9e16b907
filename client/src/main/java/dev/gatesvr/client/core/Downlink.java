package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.ServerPush;
import org.jspecify.annotations.Nullable;

/** What arrives while a session is attached: sorted by position, matched with requests. */
final class Downlink {
  private final Feed feed;
  private final InboundHistory history;
  private final RequestWindow window;
  private final HeartbeatClock heartbeat;
  private boolean extendedGateway;

  /** The history was lost, and the gateway's next message says why. */
  private boolean reasonPending;

  private long received;
  private long duplicates;
  private long missed;

  /** Why the connection cannot go on. */
  record Breach(CloseCode code, String detail) {}

  Downlink(Feed feed, InboundHistory history, RequestWindow window, HeartbeatClock heartbeat) {
    this.feed = feed;
    this.history = history;
    this.window = window;
    this.heartbeat = heartbeat;
  }

  /**
   * A session is attached.
   *
   * @param again the application had a session before, and is told what became of its history
   */
  void attached(StartExchange.Accepted accepted, boolean again) {
    extendedGateway = accepted.extended();
    if (again && accepted.continuity() != Continuity.LOST) {
      feed.deliver(new Inbound.Resumed());
    } else if (again && accepted.reasonFollows()) {
      reasonPending = true;
    } else if (again) {
      feed.deliver(new Inbound.Resynced(Resync.Reason.UNKNOWN, ""));
    }
  }

  /** No reason came: says without one that the history was lost, unless that was said before. */
  void tellLoss() {
    if (reasonPending) {
      reasonPending = false;
      feed.deliver(new Inbound.Resynced(Resync.Reason.UNKNOWN, ""));
    }
  }

  /** Messages with a position, each counted once. */
  long received() {
    return received;
  }

  long duplicates() {
    return duplicates;
  }

  /** Positions that were declared missing. */
  long missed() {
    return missed;
  }

  /** One message; returns null when all is well. */
  @Nullable Breach onMessage(ServerPush push, long nowNanos) {
    if (push.getType() == PushType.PUSH_RESYNC) {
      reasonPending = false;
      feed.deliver(Frames.resync(push));
      return null;
    }
    tellLoss();
    return push.getType() == PushType.PUSH_GAP
        ? onGap(push.getSeqId(), Frames.gap(push), nowNanos)
        : onPositioned(push, nowNanos);
  }

  private @Nullable Breach onGap(long seq, Gap gap, long nowNanos) {
    long last = gap.getLastSeqId();
    long first = Math.max(gap.getFirstSeqId(), history.received() + 1);
    InboundHistory.Verdict verdict =
        seq == last
            ? history.onGap(gap.getFirstSeqId(), last, nowNanos)
            : InboundHistory.Verdict.HOLE;
    switch (verdict) {
      case DUPLICATE -> duplicates++;
      case NEXT -> {
        missed += last - first + 1;
        Gap.Reason reason =
            gap.getReason() == Gap.Reason.UNRECOGNIZED ? Gap.Reason.UNKNOWN : gap.getReason();
        feed.deliver(new Inbound.Missed(history.position(last), first, reason));
      }
      case HOLE, NEW_HISTORY -> {
        return new Breach(
            CloseCode.MALFORMED,
            "gap %d to %d at seq_id %d".formatted(gap.getFirstSeqId(), last, seq));
      }
    }
    return null;
  }

  private @Nullable Breach onPositioned(ServerPush push, long nowNanos) {
    Inbound.Position position = Inbound.Position.NONE;
    if (push.getSeqId() != 0) {
      switch (history.onSeq(push.getSeqId(), nowNanos)) {
        case DUPLICATE -> {
          duplicates++;
          return null;
        }
        case HOLE -> {
          return new Breach(CloseCode.MALFORMED, "hole before seq_id " + push.getSeqId());
        }
        case NEW_HISTORY -> {
          String why = "seq_id " + push.getSeqId() + " does not continue what came before";
          feed.deliver(new Inbound.Resynced(Resync.Reason.UNKNOWN, why));
        }
        case NEXT -> {}
      }
      received++;
      position = history.position(push.getSeqId());
    }
    return dispatch(push, position, nowNanos);
  }

  private @Nullable Breach dispatch(ServerPush push, Inbound.Position position, long nowNanos) {
    switch (push.getType()) {
      case PUSH_BUSINESS_DATA -> {
        if (push.getMsgId() == 0) {
          feed.deliver(new Inbound.Pushed(position, push));
        } else {
          settle(
              push.getMsgId(),
              new Outcome.Answered(position.seq(), push.getPayload(), push.getHeadersMap()),
              position);
        }
      }
      case PUSH_ERROR -> {
        return onError(push.getMsgId(), Frames.error(push), position, nowNanos);
      }
      case PUSH_HEARTBEAT_RESP -> {
        heartbeat.answered(push.getMsgId(), Frames.heartbeatResponse(push), nowNanos);
        skip(position);
      }
      default -> skip(position);
    }
    return null;
  }

  private @Nullable Breach onError(
      int msgId, ErrorMessage error, Inbound.Position position, long nowNanos) {
    if (msgId == 0) {
      feed.deliver(new Inbound.Complained(position, error));
      return null;
    }
    if (error.getRetrySameSeq()) {
      window.refused(msgId, error, nowNanos);
      skip(position);
      return null;
    }
    boolean settled = settle(msgId, new Outcome.Refused(error), position);
    boolean outOfStep =
        settled
            && extendedGateway
            && position.seq() == 0
            && error.getErrorCode() == ErrorCode.MALFORMED;
    // The sequence was not consumed; the next start exchange says where the gateway stands.
    return outOfStep ? new Breach(CloseCode.NORMAL, error.getDetail()) : null;
  }

  /** Hands an outcome to whoever waits; returns false when nobody does. */
  private boolean settle(int msgId, Outcome outcome, Inbound.Position position) {
    Call call = window.settle(msgId);
    if (call == null) {
      skip(position);
      return false;
    }
    feed.deliver(new Inbound.Ended(position, call, outcome));
    return true;
  }

  private void skip(Inbound.Position position) {
    if (position.seq() != 0) {
      feed.deliver(new Inbound.Skipped(position));
    }
  }
}
