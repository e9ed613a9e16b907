package dev.gatesvr.bench.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.SendResult;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One player: logs in, sends what its {@link Lane} asks for, matches answers by msg_id,
 * acknowledges. Confined to its connection's loop.
 *
 * <pre>
 *   STARTING --&gt; READY --&gt; CLOSED
 * </pre>
 *
 * A bare player is READY at once. Unanswered requests are bounded; what the plan wants beyond that
 * waits as a number, because its planned time can be computed.
 */
final class Player implements ConnectionHandler<ServerPush> {
  /** Unanswered requests of one player; the gateway's own default bound. A power of two. */
  static final int OUTSTANDING_MAX = 64;

  /** Answers a piggybacking player leaves unacknowledged at most. */
  static final int ACKS_HELD_MAX = 16;

  private enum State {
    STARTING,
    READY,
    CLOSED
  }

  private final Connection connection;
  private final Traffic traffic;
  private final ClientRequest template;
  private final CompletableFuture<Player> ready;

  /** By msg_id: the moment its latency counts from, and which msg_id that is. */
  private final long[] sinceNanos = new long[OUTSTANDING_MAX];

  private final int[] waiting = new int[OUTSTANDING_MAX];

  private State state = State.STARTING;
  private @Nullable Lane lane;
  private int lastMsgId;
  private int outstanding;
  private long receivedSeq;
  private int unacked;

  /**
   * @param template a request that lacks only its numbers
   * @param ready completed when the player may send, or exceptionally when it never will
   */
  Player(
      Connection connection,
      Traffic traffic,
      ClientRequest template,
      CompletableFuture<Player> ready) {
    this.connection = connection;
    this.traffic = traffic;
    this.template = template;
    this.ready = ready;
  }

  /** Logs in; a bare player has nothing to do. */
  void start(String openid) {
    if (!traffic.session()) {
      becomeReady();
      return;
    }
    StartRequest start = StartRequest.newBuilder().setOpenid(openid).setAuthToken("bench").build();
    send(
        ClientRequest.newBuilder()
            .setMsgId(Integer.MAX_VALUE)
            .setType(RequestType.REQUEST_START)
            .setOpenid(openid)
            .setPayload(start.toByteString())
            .build());
  }

  private void becomeReady() {
    state = State.READY;
    ready.complete(this);
  }

  Connection connection() {
    return connection;
  }

  boolean closed() {
    return state == State.CLOSED;
  }

  int outstanding() {
    return outstanding;
  }

  /** From now on this lane hears of answers; null when a run is over. */
  void joins(@Nullable Lane newLane) {
    lane = newLane;
  }

  /**
   * Sends the next request if it may.
   *
   * @param since the moment its latency counts from
   * @return false when it must wait for an answer or for room in the transport
   */
  boolean request(long since) {
    int msgId = lastMsgId + 1;
    int slot = msgId & (OUTSTANDING_MAX - 1);
    if (state != State.READY || waiting[slot] != 0 || !connection.writable()) {
      return false;
    }
    if (traffic.acks() == Traffic.Acks.PIGGYBACK && unacked > 0) {
      ack();
    }
    ClientRequest.Builder request = template.toBuilder().setMsgId(msgId);
    if (traffic.kind() == Traffic.Kind.BUSINESS) {
      request.setSeqId(msgId);
    }
    if (!send(request.build())) {
      return false;
    }
    lastMsgId = msgId;
    waiting[slot] = msgId;
    sinceNanos[slot] = since;
    outstanding++;
    return true;
  }

  private boolean send(ClientRequest message) {
    return connection.send(message) == SendResult.SENT;
  }

  @Override
  public void onFrame(ServerPush frame, long receivedNanos) {
    if (state == State.STARTING) {
      onStarted(frame);
      return;
    }
    if (frame.getSeqId() > 0 && traffic.session()) {
      receivedSeq = Math.max(receivedSeq, frame.getSeqId());
      unacked++;
      if (traffic.acks() == Traffic.Acks.EACH || unacked >= ACKS_HELD_MAX) {
        ack();
      }
    }
    if (frame.getMsgId() != 0) {
      onAnswer(frame, receivedNanos);
    }
  }

  private void onStarted(ServerPush frame) {
    try {
      StartResponse response = StartResponse.parseFrom(frame.getPayload());
      if (frame.getType() == PushType.PUSH_START_RESP && response.getSuccess()) {
        becomeReady();
        return;
      }
      fail("START refused: " + response.getError().getErrorMessage());
    } catch (InvalidProtocolBufferException e) {
      fail("START answered with " + e.getMessage());
    }
  }

  /** An ack that does not fit now is made up for by the next one: they are cumulative. */
  private void ack() {
    ClientAck ack = ClientAck.newBuilder().setAckedSeqId(receivedSeq).build();
    if (send(
        ClientRequest.newBuilder()
            .setType(RequestType.REQUEST_ACK)
            .setPayload(ack.toByteString())
            .build())) {
      unacked = 0;
    }
  }

  private void onAnswer(ServerPush frame, long receivedNanos) {
    Lane current = lane;
    int slot = frame.getMsgId() & (OUTSTANDING_MAX - 1);
    boolean expected = waiting[slot] == frame.getMsgId();
    if (expected) {
      waiting[slot] = 0;
      outstanding--;
    }
    if (current == null) {
      return;
    }
    if (expected) {
      // A bare server sends a request back, whose type means something else in an answer.
      boolean error = traffic.session() && frame.getType() == PushType.PUSH_ERROR;
      current.onAnswer(this, sinceNanos[slot], receivedNanos, error);
    } else {
      current.onUnexpected();
    }
  }

  @Override
  public void onFault(FrameFault fault) {
    fail("bad frame: " + fault);
    connection.close(fault.closeCode());
  }

  @Override
  public void onWritable() {
    if (lane != null) {
      lane.onRoom(this);
    }
  }

  @Override
  public void onClosed(CloseReason reason) {
    state = State.CLOSED;
    fail("connection ended: " + reason);
  }

  private void fail(String why) {
    ready.completeExceptionally(new IOException(why));
  }
}
