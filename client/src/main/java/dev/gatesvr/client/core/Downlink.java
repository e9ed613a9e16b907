package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.ServerPush;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What arrives while a session is attached: sorted by position, matched with requests. */
final class Downlink {
  private final Feed feed;
  private final InboundHistory history;
  private final RequestWindow window;
  private final HeartbeatClock heartbeat;
  private boolean extendedGateway;
  private long received;
  private long duplicates;

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
   * @param extended the gateway speaks more than GateSvr's wire
   */
  void attached(boolean extended) {
    extendedGateway = extended;
  }

  /** Messages with a position, each counted once. */
  long received() {
    return received;
  }

  long duplicates() {
    return duplicates;
  }

  /** One message; returns null when all is well. */
  @Nullable Breach onMessage(ServerPush push, long nowNanos) {
    Inbound.Position position = Inbound.Position.NONE;
    if (push.getSeqId() != 0) {
      switch (history.onSeq(push.getSeqId(), nowNanos)) {
        case DUPLICATE -> {
          duplicates++;
          return null;
        }
        case GAP -> {
          return new Breach(CloseCode.MALFORMED, "gap before seq_id " + push.getSeqId());
        }
        case NEW_HISTORY -> feed.deliver(new Inbound.Resumed(false));
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
        heartbeat.answered(push.getMsgId(), nowNanos);
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
      window.refused(msgId, TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs()), nowNanos);
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
