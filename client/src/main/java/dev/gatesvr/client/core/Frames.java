package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.HeartbeatResponse;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.StopRequest;

/** The messages a client sends and reads (PROTOCOL.md §2). */
final class Frames {
  private final String openid;
  private int lastMsgId;

  Frames(String openid) {
    this.openid = openid;
  }

  int nextMsgId() {
    lastMsgId++;
    if (lastMsgId == 0) {
      lastMsgId++;
    }
    return lastMsgId;
  }

  ClientRequest start(StartRequest start) {
    return frame(nextMsgId(), RequestType.REQUEST_START, start.toByteString()).build();
  }

  ClientRequest stop(StopRequest.Reason reason) {
    ByteString payload = StopRequest.newBuilder().setReason(reason).build().toByteString();
    return frame(nextMsgId(), RequestType.REQUEST_STOP, payload).build();
  }

  /**
   * @param ackSeq acknowledged by the way, 0 for nothing
   */
  ClientRequest heartbeat(int msgId, HeartbeatRequest heartbeat, long ackSeq) {
    return frame(msgId, RequestType.REQUEST_HEARTBEAT, heartbeat.toByteString())
        .setAckSeqId(ackSeq)
        .build();
  }

  ClientRequest ack(long seq) {
    ByteString payload = ClientAck.newBuilder().setAckedSeqId(seq).build().toByteString();
    return frame(nextMsgId(), RequestType.REQUEST_ACK, payload).build();
  }

  /**
   * @param ackSeq acknowledged by the way, 0 for nothing
   */
  ClientRequest business(Call call, long ackSeq) {
    return frame(call.msgId, RequestType.REQUEST_BUSINESS, call.payload())
        .setSeqId(call.seq)
        .setAckSeqId(ackSeq)
        .build();
  }

  private ClientRequest.Builder frame(int msgId, RequestType type, ByteString payload) {
    return ClientRequest.newBuilder()
        .setMsgId(msgId)
        .setType(type)
        .setPayload(payload)
        .setOpenid(openid);
  }

  /** The answer to START, also when it came as an error; garbage reads as one that says so. */
  static StartResponse startResponse(ServerPush push) {
    try {
      return switch (push.getType()) {
        case PUSH_START_RESP -> StartResponse.parseFrom(push.getPayload());
        case PUSH_ERROR -> StartResponse.newBuilder().setError(error(push)).build();
        default -> StartResponse.newBuilder().setError(garbage("StartResponse")).build();
      };
    } catch (InvalidProtocolBufferException e) {
      return StartResponse.newBuilder().setError(garbage("StartResponse")).build();
    }
  }

  /** The error in a message of type ERROR; garbage reads as an error that says so. */
  static ErrorMessage error(ServerPush push) {
    try {
      return ErrorMessage.parseFrom(push.getPayload());
    } catch (InvalidProtocolBufferException e) {
      return garbage("ErrorMessage");
    }
  }

  /** A heartbeat's answer; garbage reads as one that says nothing. */
  static HeartbeatResponse heartbeatResponse(ServerPush push) {
    try {
      return HeartbeatResponse.parseFrom(push.getPayload());
    } catch (InvalidProtocolBufferException e) {
      return HeartbeatResponse.getDefaultInstance();
    }
  }

  /** A gap; garbage reads as one that names no positions. */
  static Gap gap(ServerPush push) {
    try {
      return Gap.parseFrom(push.getPayload());
    } catch (InvalidProtocolBufferException e) {
      return Gap.getDefaultInstance();
    }
  }

  /** Why a history ended, with a reason that this client knows; garbage reads as UNKNOWN. */
  static Inbound.Resynced resync(ServerPush push) {
    try {
      Resync resync = Resync.parseFrom(push.getPayload());
      boolean known = resync.getReason() != Resync.Reason.UNRECOGNIZED;
      return new Inbound.Resynced(
          known ? resync.getReason() : Resync.Reason.UNKNOWN, resync.getDetail());
    } catch (InvalidProtocolBufferException e) {
      return new Inbound.Resynced(Resync.Reason.UNKNOWN, "the signal is malformed");
    }
  }

  /** Why a session is over, with a reason that this client knows; garbage reads as UNKNOWN. */
  static Inbound.KickedOut kicked(ServerPush push) {
    try {
      Kicked kicked = Kicked.parseFrom(push.getPayload());
      boolean known = kicked.getReason() != Kicked.Reason.UNRECOGNIZED;
      return new Inbound.KickedOut(
          known ? kicked.getReason() : Kicked.Reason.UNKNOWN, kicked.getDetail());
    } catch (InvalidProtocolBufferException e) {
      return new Inbound.KickedOut(Kicked.Reason.UNKNOWN, "the signal is malformed");
    }
  }

  private static ErrorMessage garbage(String expected) {
    return ErrorMessage.newBuilder()
        .setErrorCode(ErrorCode.UPSTREAM_FAILED)
        .setErrorMessage("the gateway's answer is malformed")
        .setDetail("payload: no " + expected)
        .build();
  }
}
