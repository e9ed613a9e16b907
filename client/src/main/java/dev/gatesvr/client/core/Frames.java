package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.StopRequest;

/** The messages a client sends and reads (PROTOCOL.md §2). */
final class Frames {
  /** Sends a refused request again under its sequence before anything after it. */
  private static final int PROTOCOL_LEVEL = 1;

  private final String openid;
  private final String token;
  private int lastMsgId;

  Frames(String openid, String token) {
    this.openid = openid;
    this.token = token;
  }

  int nextMsgId() {
    lastMsgId++;
    if (lastMsgId == 0) {
      lastMsgId++;
    }
    return lastMsgId;
  }

  /**
   * @param epoch the history that {@code lastAckedSeq} counts in, 0 when none is known
   */
  ClientRequest start(long epoch, long lastAckedSeq) {
    StartRequest start =
        StartRequest.newBuilder()
            .setOpenid(openid)
            .setAuthToken(token)
            .setLastAckedSeqId(lastAckedSeq)
            .setProtocolLevel(PROTOCOL_LEVEL)
            .setEpoch(epoch)
            .build();
    return frame(nextMsgId(), RequestType.REQUEST_START, start.toByteString()).build();
  }

  ClientRequest stop(StopRequest.Reason reason) {
    ByteString payload = StopRequest.newBuilder().setReason(reason).build().toByteString();
    return frame(nextMsgId(), RequestType.REQUEST_STOP, payload).build();
  }

  ClientRequest heartbeat(int msgId, long unixMillis) {
    ByteString payload =
        HeartbeatRequest.newBuilder().setClientTimestamp(unixMillis).build().toByteString();
    return frame(msgId, RequestType.REQUEST_HEARTBEAT, payload).build();
  }

  ClientRequest ack(long seq) {
    ByteString payload = ClientAck.newBuilder().setAckedSeqId(seq).build().toByteString();
    return frame(nextMsgId(), RequestType.REQUEST_ACK, payload).build();
  }

  ClientRequest business(Call call) {
    return frame(call.msgId, RequestType.REQUEST_BUSINESS, call.payload())
        .setSeqId(call.seq)
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

  private static ErrorMessage garbage(String expected) {
    return ErrorMessage.newBuilder()
        .setErrorCode(ErrorCode.UPSTREAM_FAILED)
        .setErrorMessage("the gateway's answer is malformed")
        .setDetail("payload: no " + expected)
        .build();
  }
}
