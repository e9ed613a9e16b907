package dev.gatesvr.client.core;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.transport.SendResult;
import java.util.concurrent.TimeUnit;

/**
 * What leaves on the current connection, as long as it takes messages: acknowledgements first, then
 * requests in order.
 */
final class Uplink {
  private final ClientOutput out;
  private final Frames frames;
  private final InboundHistory history;
  private final RequestWindow window;
  private final long unixOffsetMillis;
  private boolean blocked;
  private long requestsSent;
  private long acksSent;

  Uplink(
      ClientOutput out,
      Frames frames,
      InboundHistory history,
      RequestWindow window,
      long unixOffsetMillis) {
    this.out = out;
    this.frames = frames;
    this.history = history;
    this.window = window;
    this.unixOffsetMillis = unixOffsetMillis;
  }

  /** True until the connection takes messages again. */
  boolean blocked() {
    return blocked;
  }

  /** There is another connection, or this one takes messages again. */
  void unblock() {
    blocked = false;
  }

  long requestsSent() {
    return requestsSent;
  }

  long acksSent() {
    return acksSent;
  }

  /** Sends one message that is no request; returns whether it was taken. */
  boolean send(ClientRequest message) {
    SendResult result = out.send(message);
    blocked |= result == SendResult.BACKPRESSURED || result == SendResult.CLOSED;
    return result == SendResult.SENT;
  }

  /** Sends what is due. */
  void pump(long nowNanos) {
    if (blocked) {
      return;
    }
    if (nowNanos >= history.ackDueNanos()) {
      acknowledge();
    }
    Call call = window.toSend(nowNanos);
    while (call != null && !blocked) {
      send(call);
      call = window.toSend(nowNanos);
    }
  }

  private void send(Call call) {
    if (call.msgId == 0) {
      call.msgId = frames.nextMsgId();
    }
    switch (out.send(frames.business(call))) {
      case SENT -> {
        requestsSent++;
        window.sent();
      }
      case TOO_LARGE -> window.tooLarge();
      case BACKPRESSURED, CLOSED -> blocked = true;
    }
  }

  /** Acknowledges what was handled, due or not. */
  void acknowledge() {
    long seq = history.handled();
    if (history.ackPending() && send(frames.ack(seq))) {
      acksSent++;
      history.ackSent(seq);
    }
  }

  /** Sends a heartbeat, or remembers that it could not be sent. */
  void beat(HeartbeatClock heartbeat, long nowNanos) {
    int msgId = frames.nextMsgId();
    long unixMillis = unixOffsetMillis + TimeUnit.NANOSECONDS.toMillis(nowNanos);
    boolean sent = !blocked && send(frames.heartbeat(msgId, unixMillis));
    heartbeat.beat(sent ? msgId : 0, nowNanos);
  }

  /** When {@link #pump} will have something to do, or {@link ClientCore#NEVER}. */
  long nextDeadlineNanos() {
    if (blocked) {
      return ClientCore.NEVER;
    }
    long held = window.sendable() ? window.holdUntilNanos() : ClientCore.NEVER;
    return Math.min(history.ackDueNanos(), held);
  }
}
