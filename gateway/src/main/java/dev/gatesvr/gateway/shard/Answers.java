package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.HeartbeatResponse;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.session.Refusal;
import dev.gatesvr.session.Session;
import java.util.List;

/** Messages outside a session's history: {@code seq_id} 0, never replayed. */
public final class Answers {
  private static final int RETRY_STOPPING_MILLIS = 1_000;
  private static final int RETRY_STANDBY_MILLIS = 100;

  /** The standby does not keep up, or is gone and the register has not said yet to go on alone. */
  static final Refusal STANDBY_BEHIND =
      new Refusal(ErrorCode.UNAVAILABLE, "the standby is behind", RETRY_STANDBY_MILLIS);

  private Answers() {}

  /** START was accepted; the caller adds what the session says. */
  public static ServerPush started(int msgId, StartResponse.Builder response) {
    return ServerPush.newBuilder()
        .setMsgId(msgId)
        .setType(PushType.PUSH_START_RESP)
        .setPayload(response.setSuccess(true).build().toByteString())
        .build();
  }

  /** What the session says of itself to a client that attaches. */
  public static StartResponse.Builder describe(Session session, boolean resumed) {
    return StartResponse.newBuilder()
        .setResumed(resumed)
        .setEpoch(session.epoch())
        .setOldestSeqId(session.oldestSeq())
        .setNextClientSeqId(session.nextClientSeq());
  }

  /** A START that was refused; the connection closes after it. */
  public static ServerPush startRefused(int msgId, int code, String message, String detail) {
    return ServerPush.newBuilder()
        .setMsgId(msgId)
        .setType(PushType.PUSH_START_RESP)
        .setPayload(
            StartResponse.newBuilder()
                .setSuccess(false)
                .setError(
                    ErrorMessage.newBuilder()
                        .setErrorCode(code)
                        .setErrorMessage(message)
                        .setDetail(detail))
                .build()
                .toByteString())
        .build();
  }

  /**
   * This gateway is the standby of its pair; a client of the old wire learns to come later.
   *
   * @param gateways where players connect, the primary first
   * @param heartbeatSeconds how often a client that waits here should be heard
   */
  public static ServerPush notPrimary(
      int msgId, int protocolLevel, List<String> gateways, int heartbeatSeconds) {
    boolean oldWire = protocolLevel == Session.LEVEL_GATESVR;
    return ServerPush.newBuilder()
        .setMsgId(msgId)
        .setType(PushType.PUSH_START_RESP)
        .setPayload(
            StartResponse.newBuilder()
                .setSuccess(false)
                .setHeartbeatInterval(heartbeatSeconds)
                .addAllGateways(gateways)
                .setError(
                    ErrorMessage.newBuilder()
                        .setErrorCode(oldWire ? ErrorCode.UNAVAILABLE : ErrorCode.NOT_PRIMARY)
                        .setErrorMessage("this gateway is a standby")
                        .setRetryAfterMs(RETRY_STANDBY_MILLIS))
                .build()
                .toByteString())
        .build();
  }

  /** To a connection that waits at this gateway, which took over. */
  public static ServerPush attachOffer() {
    return ServerPush.newBuilder().setType(PushType.PUSH_ATTACH_OFFER).build();
  }

  /** The history that the client asked for is not continued. */
  public static ServerPush resync(Resync.Reason reason, long askedSeq, int protocolLevel) {
    String detail = "last_acked_seq_id: " + askedSeq + " cannot be continued";
    return protocolLevel == Session.LEVEL_GATESVR
        ? error(0, ErrorCode.POSITION_GONE, "a fresh session was started", detail)
        : ServerPush.newBuilder()
            .setType(PushType.PUSH_RESYNC)
            .setPayload(
                Resync.newBuilder().setReason(reason).setDetail(detail).build().toByteString())
            .build();
  }

  /** To a client with a resume token whose session made room for a newer login. */
  public static ServerPush replaced() {
    return ServerPush.newBuilder()
        .setType(PushType.PUSH_KICKED)
        .setPayload(Kicked.newBuilder().setReason(Kicked.Reason.REPLACED).build().toByteString())
        .build();
  }

  public static ServerPush goAway(int protocolLevel) {
    return goAway(protocolLevel, RETRY_STOPPING_MILLIS, List.of());
  }

  /**
   * The same with where to go.
   *
   * @param addresses host:port, best first
   */
  public static ServerPush goAway(int protocolLevel, int retryMillis, List<String> addresses) {
    if (protocolLevel != Session.LEVEL_GATESVR) {
      return ServerPush.newBuilder()
          .setType(PushType.PUSH_GO_AWAY)
          .setPayload(
              GoAway.newBuilder()
                  .setRetryAfterMs(retryMillis)
                  .addAllAddresses(addresses)
                  .build()
                  .toByteString())
          .build();
    }
    return error(
        0,
        ErrorMessage.newBuilder()
            .setErrorCode(ErrorCode.UNAVAILABLE)
            .setErrorMessage("the gateway is stopping")
            .setRetryAfterMs(RETRY_STOPPING_MILLIS));
  }

  /** What a heartbeat is answered with; both times are Unix milliseconds. */
  public static HeartbeatResponse.Builder heartbeat(long clientMillis, long serverMillis) {
    return HeartbeatResponse.newBuilder()
        .setClientTimestamp(clientMillis)
        .setServerTimestamp(serverMillis);
  }

  public static ServerPush heartbeat(int msgId, HeartbeatResponse.Builder response) {
    return ServerPush.newBuilder()
        .setMsgId(msgId)
        .setType(PushType.PUSH_HEARTBEAT_RESP)
        .setPayload(response.build().toByteString())
        .build();
  }

  /** An error about one message, or with {@code msgId} 0 about the connection. */
  public static ServerPush error(int msgId, int code, String message, String detail) {
    return error(
        msgId,
        ErrorMessage.newBuilder().setErrorCode(code).setErrorMessage(message).setDetail(detail));
  }

  private static ServerPush error(int msgId, ErrorMessage.Builder error) {
    return ServerPush.newBuilder()
        .setMsgId(msgId)
        .setType(PushType.PUSH_ERROR)
        .setPayload(error.build().toByteString())
        .build();
  }
}
