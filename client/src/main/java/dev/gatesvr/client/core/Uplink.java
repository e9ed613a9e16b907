package dev.gatesvr.client.core;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.transport.SendResult;
import java.util.concurrent.TimeUnit;

/**
 * What leaves on the current connection, as long as it takes messages: requests in order, and
 * acknowledgements, which ride on a request or a heartbeat where they can.
 */
final class Uplink {
  private final ClientOutput out;
  private final Frames frames;
  private final InboundHistory history;
  private final RequestWindow window;
  private final long unixOffsetMillis;
  private boolean blocked;
  private boolean carriesAcks;
  private long requestsSent;
  private long acksSent;
  private long acksCarried;

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

  /**
   * A session is attached.
   *
   * @param readsCarriedAcks whether its gateway reads {@code ack_seq_id} of any message; an older
   *     one would ignore it, and in the end take the client for dead
   */
  void attached(boolean readsCarriedAcks) {
    carriesAcks = readsCarriedAcks;
  }

  long requestsSent() {
    return requestsSent;
  }

  long acksSent() {
    return acksSent;
  }

  /** Acknowledgements that left on another message. */
  long acksCarried() {
    return acksCarried;
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
    if (!carriesAcks) {
      acknowledgeIfDue(nowNanos);
    }
    Call call = window.toSend(nowNanos);
    while (call != null && !blocked) {
      send(call);
      call = window.toSend(nowNanos);
    }
    acknowledgeIfDue(nowNanos);
  }

  private void acknowledgeIfDue(long nowNanos) {
    if (!blocked && nowNanos >= history.ackDueNanos()) {
      acknowledge();
    }
  }

  private void send(Call call) {
    if (call.msgId == 0) {
      call.msgId = frames.nextMsgId();
    }
    long ackSeq = ackToCarry();
    switch (out.send(frames.business(call, ackSeq))) {
      case SENT -> {
        requestsSent++;
        window.sent();
        carried(ackSeq);
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

  /** What the next message can acknowledge by the way, 0 for nothing. */
  private long ackToCarry() {
    return carriesAcks && history.ackPending() ? history.handled() : 0;
  }

  private void carried(long ackSeq) {
    if (ackSeq != 0) {
      acksCarried++;
      history.ackSent(ackSeq);
    }
  }

  /** Sends a heartbeat, or remembers that it could not be sent. */
  void beat(HeartbeatClock heartbeat, long nowNanos) {
    int msgId = frames.nextMsgId();
    long unixMillis = unixOffsetMillis + TimeUnit.NANOSECONDS.toMillis(nowNanos);
    long ackSeq = ackToCarry();
    boolean sent =
        !blocked && send(frames.heartbeat(msgId, heartbeat.request(unixMillis, nowNanos), ackSeq));
    if (sent) {
      carried(ackSeq);
    }
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
