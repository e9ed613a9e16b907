package dev.gatesvr.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import org.jspecify.annotations.Nullable;

/** The messages a session sends, as GateSvr's clients read them (PROTOCOL.md §2). */
final class Messages {
  /** What a position adds to a message at most: a tag and a ten-byte varint. */
  static final int POSITION_BYTES_MAX = Limits.POSITION_BYTES_MAX;

  private Messages() {}

  static ServerPush.Builder push(ByteString payload) {
    return ServerPush.newBuilder().setType(PushType.PUSH_BUSINESS_DATA).setPayload(payload);
  }

  /** The answer of a request, or the error it ended in; never more than a frame. */
  static ServerPush.Builder answer(int msgId, Reply reply) {
    return switch (reply) {
      case Reply.Answer answer -> fitted(msgId, answer);
      case Reply.Failure failure ->
          error(
              msgId,
              ErrorMessage.newBuilder()
                  .setErrorCode(failure.code())
                  .setErrorMessage(failure.message())
                  .setDetail(failure.detail())
                  .setOutcomeUnknown(failure.outcomeUnknown()));
    };
  }

  private static ServerPush.Builder fitted(int msgId, Reply.Answer answer) {
    BusinessResponse response =
        BusinessResponse.newBuilder()
            .setCode(answer.code())
            .setMessage(answer.message())
            .setData(answer.data())
            .build();
    ServerPush.Builder push =
        push(response.toByteString()).setMsgId(msgId).putAllHeaders(answer.headers());
    int bytes = push.buildPartial().getSerializedSize() + POSITION_BYTES_MAX;
    if (bytes <= Limits.FRAME_BYTES_MAX) {
      return push;
    }
    return error(
        msgId,
        ErrorMessage.newBuilder()
            .setErrorCode(ErrorCode.UPSTREAM_FAILED)
            .setErrorMessage("the upstream's answer does not fit a frame")
            .setDetail("bytes: " + bytes + " (expected: <= " + Limits.FRAME_BYTES_MAX + ")"));
  }

  /** Outside the history: the request did not run and may be sent again under the same sequence. */
  static ServerPush refusal(int msgId, Refusal refusal) {
    return error(
            msgId,
            ErrorMessage.newBuilder()
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message())
                .setRetryAfterMs(refusal.retryAfterMillis())
                .setRetrySameSeq(true))
        .build();
  }

  /** What a request asks, null when it is malformed. */
  static @Nullable BusinessRequest request(ByteString payload) {
    try {
      return BusinessRequest.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  /** A request is out of order, or follows a refused one and must be repeated. */
  static ServerPush outOfOrder(ClientRequest frame, long expectedSeq, boolean followsRefused) {
    if (frame.getSeqId() > expectedSeq && followsRefused) {
      return refusal(
          frame.getMsgId(),
          new Refusal(
              ErrorCode.UNAVAILABLE,
              "follows the refused request " + expectedSeq,
              Refusal.RETRY_AFTER_FULL_MILLIS));
    }
    return malformed(
            frame.getMsgId(), "seq_id: " + frame.getSeqId() + " (expected: " + expectedSeq + ")")
        .build();
  }

  /** A request's turn did not come; one that another gateway sent on before may have run. */
  static Reply waitedTooLong(boolean mayHaveRun) {
    return new Reply.Failure(
        ErrorCode.UNAVAILABLE,
        "waited too long",
        mayHaveRun ? "nobody knows whether it ran" : "it did not run",
        mayHaveRun);
  }

  /** A message as it is kept, or the gap in its place in the words of the client's level. */
  static ServerPush wire(Slot slot, int protocolLevel) {
    if (slot.push != null) {
      return slot.push;
    }
    ServerPush.Builder gap =
        protocolLevel == Session.LEVEL_GATESVR
            ? error(
                0,
                ErrorMessage.newBuilder()
                    .setErrorCode(ErrorCode.POSITION_GONE)
                    .setErrorMessage("messages were dropped")
                    .setDetail("seq_id: " + slot.firstSeq + " to " + slot.lastSeq))
            : ServerPush.newBuilder()
                .setType(PushType.PUSH_GAP)
                .setPayload(
                    Gap.newBuilder()
                        .setFirstSeqId(slot.firstSeq)
                        .setLastSeqId(slot.lastSeq)
                        .setReason(slot.reason)
                        .build()
                        .toByteString());
    return gap.setSeqId(slot.lastSeq).build();
  }

  /** The last message of a session that is taken away from its client. */
  static ServerPush kicked(Kicked.Reason reason, String detail, int protocolLevel) {
    if (protocolLevel != Session.LEVEL_GATESVR) {
      return ServerPush.newBuilder()
          .setType(PushType.PUSH_KICKED)
          .setPayload(
              Kicked.newBuilder().setReason(reason).setDetail(detail).build().toByteString())
          .build();
    }
    boolean replaced = reason == Kicked.Reason.REPLACED;
    return error(
            0,
            ErrorMessage.newBuilder()
                .setErrorCode(replaced ? ErrorCode.REPLACED : ErrorCode.WRONG_STATE)
                .setErrorMessage(replaced ? "replaced by a newer login" : "ended by an operator")
                .setDetail(detail))
        .build();
  }

  static ServerPush.Builder malformed(int msgId, String detail) {
    return error(
        msgId,
        ErrorMessage.newBuilder()
            .setErrorCode(ErrorCode.MALFORMED)
            .setErrorMessage("malformed request")
            .setDetail(detail));
  }

  private static ServerPush.Builder error(int msgId, ErrorMessage.Builder error) {
    return ServerPush.newBuilder()
        .setMsgId(msgId)
        .setType(PushType.PUSH_ERROR)
        .setPayload(error.build().toByteString());
  }
}
