package dev.gatesvr.gateway.world;

import static dev.gatesvr.gateway.world.World.must;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.gateway.shard.Answers;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.testkit.sim.ByteLink;
import org.jspecify.annotations.Nullable;

/** The gateway's end of a connection, from its first frame to its session. */
final class SimConnection implements ByteLink.Peer {
  final SimGateway gateway;
  final SimDevice device;
  private final ByteLink.Side side;
  private @Nullable SimSession session;
  private boolean closed;
  private boolean kicked;
  private int starts;
  private long token;

  SimConnection(SimGateway gateway, SimDevice device, ByteLink.Side side) {
    this.gateway = gateway;
    this.device = device;
    this.side = side;
  }

  /** Hears the connection from now on. */
  void listen() {
    side.listen(this);
  }

  boolean transmit(ServerPush push) {
    must(!kicked, "something follows a kick", push);
    must(!closed, "something follows a close", push);
    if (!side.send(push.toByteArray())) {
      return false;
    }
    kicked = push.getType() == PushType.PUSH_KICKED;
    return true;
  }

  void close(CloseCode code) {
    if (!closed) {
      closed = true;
      gateway.world().count("closed " + code);
      side.close(code.wireCode());
    }
  }

  @Override
  public void onFrame(byte[] frame) {
    if (closed) {
      return;
    }
    try {
      ClientRequest request = ClientRequest.parseFrom(frame);
      SimSession attached = session;
      if (attached == null) {
        onStart(request);
      } else if (attached.link == this) {
        attached.enter(() -> onMessage(attached, request));
        if (request.getTypeValue() == 2) {
          attached.stop();
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void onStart(ClientRequest request) throws InvalidProtocolBufferException {
    assertThat(++starts).as("STARTs on one connection").isLessThanOrEqualTo(3);
    StartRequest start = StartRequest.parseFrom(request.getPayload());
    gateway.start(this, request.getMsgId(), start);
  }

  void attached(SimSession newSession, long newToken) {
    session = newSession;
    token = newToken;
  }

  void refused(int msgId, String why) {
    transmit(Answers.startRefused(msgId, ErrorCode.RESUME_REFUSED, "start refused", why));
  }

  private void onMessage(SimSession attached, ClientRequest request) {
    long now = gateway.world().time().nowNanos();
    attached.confirmedToken = token;
    attached.core.onHeard(now);
    if (request.getAckSeqId() != 0) {
      attached.core.onAck(request.getAckSeqId(), now, attached);
    }
    must(attached.link != null, "closed for an honest client's acknowledgement", attached);
    try {
      switch (request.getType()) {
        case REQUEST_BUSINESS -> attached.core.onRequest(request, now, attached);
        case REQUEST_ACK ->
            attached.core.onAck(
                ClientAck.parseFrom(request.getPayload()).getAckedSeqId(), now, attached);
        case REQUEST_HEARTBEAT ->
            transmit(
                Answers.heartbeat(
                    request.getMsgId(),
                    Answers.heartbeat(
                            HeartbeatRequest.parseFrom(request.getPayload()).getClientTimestamp(),
                            0)
                        .setServerMicros(now / 1_000)));
        default -> {}
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void onWritable() {
    SimSession attached = session;
    if (attached != null && attached.link == this) {
      long now = gateway.world().time().nowNanos();
      attached.enter(() -> attached.core.onWritable(now, attached));
    }
  }

  @Override
  public void onClosed(int code) {
    closed = true;
    if (session != null) {
      session.lost(this);
    }
  }
}
