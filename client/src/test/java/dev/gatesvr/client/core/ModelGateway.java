package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as the protocol describes it, small enough to be believed: one player, one session at
 * a time, requests once and in order. Everything it promises is checked where it happens, and so is
 * everything that the client must never do.
 */
final class ModelGateway {
  static final String LOGIN_TOKEN = "t";
  private static final int STARTS_MAX = 2;

  /** What the gateway speaks. */
  enum Wire {
    /**
     * GateSvr's wire only: no extension fields, no refusals that ask for the same sequence, any
     * sequence accepted. It cannot tell one history from another, so it forgets none, and here it
     * also never continues one that the client has not heard of, which nobody could notice.
     */
    OLD,
    /** Epochs and refusals that ask for the same sequence. */
    EPOCHS,
    /** Resume tokens, signals, and acknowledgements on any message. */
    TOKENS
  }

  private final Random random;
  private final Wire wire;
  private final double refuseRate;
  private final double forgetRate;
  private final Map<String, Integer> executions = new HashMap<>();
  private final Set<String> acceptedEver = new HashSet<>();
  private @Nullable ModelSession session;
  private @Nullable ModelPeer connection;
  private int sessions;

  /** The session of the newest START answer that the client read. */
  private int known;

  /** Another client of the same player took the session's place, or an operator ended it. */
  private boolean endedByOthers;

  private int tokensRefused;

  /** What START_RESP names as the gateways of the pair. */
  private Supplier<List<String>> gateways = List::of;

  ModelGateway(Random random, Wire wire) {
    this.random = random;
    this.wire = wire;
    this.refuseRate = wire == Wire.OLD ? 0 : random.nextInt(4) * 0.05;
    this.forgetRate = wire != Wire.OLD && random.nextInt(3) == 0 ? 0.3 : 0;
  }

  int executions(String call) {
    return executions.getOrDefault(call, 0);
  }

  /** Newest position acknowledged in the current session. */
  long ackedSeq() {
    return session == null ? 0 : session.ackedSeq;
  }

  /** Requests accepted and not answered, of which the client knows. */
  int unanswered() {
    return session == null || wire == Wire.OLD ? 0 : session.accepted.size();
  }

  /** True when the current session has declared this position missing. */
  boolean declaredMissing(int sessionId, long seq) {
    return session == null || session.id != sessionId || session.dropped.contains(seq);
  }

  /** Resume tokens refused, because their session was gone. */
  int tokensRefused() {
    return tokensRefused;
  }

  /** Another process has the session now, and no connection of it yet. */
  void handOver() {
    connection = null;
  }

  void pairedWith(Supplier<List<String>> names) {
    gateways = names;
  }

  void connectionLost(ModelPeer lost) {
    if (connection == lost) {
      connection = null;
    }
  }

  void onRequest(ClientRequest request, ModelPeer from) throws InvalidProtocolBufferException {
    if (request.getType() != RequestType.REQUEST_START) {
      confirm(from);
      if (request.getAckSeqId() != 0) {
        check(wire == Wire.TOKENS, "an acknowledgement that nobody reads");
        onAck(request.getAckSeqId(), from);
      }
    }
    switch (request.getType()) {
      case REQUEST_START -> onStart(request, from);
      case REQUEST_HEARTBEAT ->
          from.send(message(request.getMsgId(), PushType.PUSH_HEARTBEAT_RESP).build());
      case REQUEST_ACK -> onAck(ClientAck.parseFrom(request.getPayload()).getAckedSeqId(), from);
      case REQUEST_BUSINESS -> onBusiness(request, from);
      case REQUEST_STOP -> session = null;
      default -> throw new AssertionError("unexpected " + request.getType());
    }
  }

  // ---------------------------------------------------------------- starting

  private void onStart(ClientRequest request, ModelPeer from)
      throws InvalidProtocolBufferException {
    StartRequest start = StartRequest.parseFrom(request.getPayload());
    check(++from.starts <= STARTS_MAX, "too many STARTs on one connection");
    check(start.getProtocolLevel() == 1, "level " + start.getProtocolLevel());
    boolean resume = !start.getResumeToken().isEmpty();
    if (wire == Wire.TOKENS && !resume && !from.current()) {
      // A login asks the authenticator, and a closed connection is noticed before that answers. A
      // token is believed at once, so that a START with one may overtake a newer one.
      return;
    }
    check(resume || start.getAuthToken().equals(LOGIN_TOKEN), "a login without its token");
    if (random.nextDouble() < refuseRate) {
      refuse(request, from, 503);
    } else if (wire != Wire.TOKENS) {
      startByPosition(request, start, from);
    } else if (!resume) {
      logIn(request, start, from);
    } else if (isGood(start, from)) {
      attach(request, start, from);
    } else {
      tokensRefused++;
      refuse(request, from, 411);
    }
  }

  private void refuse(ClientRequest request, ModelPeer from, int code) {
    ErrorMessage error = ErrorMessage.newBuilder().setErrorCode(code).setRetryAfterMs(5).build();
    from.send(started(request, StartResponse.newBuilder().setError(error)));
  }

  /** What the client may rely on: the newest token it knows of a session that lives is good. */
  private boolean isGood(StartRequest start, ModelPeer from) {
    if (random.nextDouble() < forgetRate) {
      forget(from);
    }
    ModelSession current = session;
    String[] token = start.getResumeToken().toStringUtf8().split(":");
    if (current == null || current.id != Integer.parseInt(token[0])) {
      return false;
    }
    int number = Integer.parseInt(token[1]);
    boolean good = current.oldestGood <= number && number <= current.lastIssued;
    boolean continues = current.continues(start.getLastAckedSeqId());
    check(good || !from.current(), "the client presents an old token: " + number);
    check(start.getEpoch() == current.id, "epoch " + start.getEpoch());
    check(
        continues || !from.current(),
        "position %d of %d to %d"
            .formatted(start.getLastAckedSeqId(), current.ackedSeq, current.lastSeq));
    if (good && continues) {
      current.oldestGood = number;
      return true;
    }
    return false;
  }

  /** The session is gone, as after an expiry or a restart, and so is its connection. */
  private void forget(ModelPeer from) {
    session = null;
    if (connection != null && connection != from) {
      connection.close(CloseCode.INTERNAL);
    }
  }

  private void attach(ClientRequest request, StartRequest start, ModelPeer from) {
    ModelSession current = session;
    ModelPeer other = connection;
    if (current == null) {
      throw new AssertionError("nothing to attach to");
    }
    if (other != null && other != from) {
      other.close(CloseCode.REATTACHED);
    }
    answerStart(request, from, current, true, start.getLastAckedSeqId());
  }

  /** A login takes the place of the player's session, whoever had it. */
  private void logIn(ClientRequest request, StartRequest start, ModelPeer from) {
    ModelPeer other = connection;
    if (other != null && other != from) {
      kick(other, Kicked.Reason.REPLACED);
    }
    ModelSession fresh = new ModelSession(++sessions);
    session = fresh;
    answerStart(request, from, fresh, false, 0);
    if (start.getEpoch() != 0 || start.getLastAckedSeqId() > 0) {
      Resync.Reason reason = endedByOthers ? Resync.Reason.REPLACED : Resync.Reason.SESSION_GONE;
      from.send(signal(PushType.PUSH_RESYNC, Resync.newBuilder().setReason(reason).build()));
    }
    endedByOthers = false;
  }

  private void startByPosition(ClientRequest request, StartRequest start, ModelPeer from) {
    long position = start.getLastAckedSeqId();
    ModelSession current = session;
    boolean old = wire == Wire.OLD;
    boolean resumed =
        current != null
            && (old ? position > 0 && known == current.id : start.getEpoch() == current.id)
            && current.continues(position)
            && random.nextDouble() >= forgetRate;
    if (!resumed || current == null) {
      current = new ModelSession(++sessions);
      session = current;
    }
    if (connection != null && connection != from) {
      connection.close(CloseCode.CONNECTION_LOST);
    }
    answerStart(request, from, current, resumed, resumed ? position : 0);
  }

  private void answerStart(
      ClientRequest request, ModelPeer from, ModelSession to, boolean resumed, long position) {
    connection = from;
    to.trim(position);
    StartResponse.Builder response =
        StartResponse.newBuilder().setSuccess(true).setHeartbeatInterval(1);
    if (wire != Wire.OLD) {
      response.setResumed(resumed).setEpoch(to.id).setNextClientSeqId(to.nextClientSeq);
    }
    if (wire == Wire.TOKENS) {
      from.issued = ++to.lastIssued;
      response.setResumeToken(ByteString.copyFromUtf8(to.id + ":" + from.issued));
      response.addAllGateways(gateways.get());
    }
    from.send(started(request, response));
    to.ring.values().forEach(from::send);
  }

  private void confirm(ModelPeer from) {
    if (session != null && connection == from) {
      session.oldestGood = Math.max(session.oldestGood, from.issued);
    }
  }

  private ServerPush started(ClientRequest request, StartResponse.Builder response) {
    return message(request.getMsgId(), PushType.PUSH_START_RESP)
        .setPayload(response.build().toByteString())
        .putHeaders("session", Integer.toString(session == null ? 0 : session.id))
        .build();
  }

  /** The client read this answer to START. */
  void started(ServerPush answer) {
    known = Integer.parseInt(answer.getHeadersOrThrow("session"));
  }

  // ---------------------------------------------------------------- while attached

  private void onAck(long seq, ModelPeer from) {
    if (session != null && connection == from) {
      check(seq <= session.lastSeq, "ack " + seq + " above " + session.lastSeq);
      session.trim(seq);
    }
  }

  private void onBusiness(ClientRequest request, ModelPeer from) {
    ModelSession current = session;
    if (current == null || connection != from) {
      return;
    }
    long seq = request.getSeqId();
    if (seq < current.nextClientSeq) {
      current.checkRepetition(request);
      if (!current.answerComes(seq)) {
        from.send(error(request, 400, false));
      }
    } else if (seq > current.nextClientSeq && wire != Wire.OLD) {
      check(current.refusing, "seq " + seq + " (expected: " + current.nextClientSeq + ")");
      from.send(error(request, 503, true));
    } else if (random.nextDouble() < refuseRate) {
      current.refusing = true;
      from.send(error(request, 503, true));
    } else {
      current.accept(request);
      String call = request.getPayload().toStringUtf8();
      check(acceptedEver.add(call), "accepted under another sequence before: " + call);
    }
  }

  private static ServerPush error(ClientRequest request, int code, boolean retry) {
    ErrorMessage error =
        ErrorMessage.newBuilder()
            .setErrorCode(code)
            .setRetrySameSeq(retry)
            .setRetryAfterMs(retry ? 3 : 0)
            .build();
    return message(request.getMsgId(), PushType.PUSH_ERROR)
        .setPayload(error.toByteString())
        .build();
  }

  /** Runs the oldest accepted request, if any, and answers it. */
  void runOne() {
    ModelSession current = session;
    ClientRequest request = current == null ? null : current.accepted.poll();
    if (current == null || request == null) {
      return;
    }
    String call = request.getPayload().toStringUtf8();
    boolean unknown = wire == Wire.TOKENS && random.nextInt(10) == 0;
    if (!unknown || random.nextBoolean()) {
      check(executions.merge(call, 1, Integer::sum) == 1, "executed twice: " + call);
    }
    current.answeredInRing.put(request.getSeqId(), current.lastSeq + 1);
    ServerPush.Builder answer =
        unknown
            ? message(request.getMsgId(), PushType.PUSH_ERROR)
                .setPayload(
                    ErrorMessage.newBuilder()
                        .setErrorCode(500)
                        .setOutcomeUnknown(true)
                        .build()
                        .toByteString())
            : message(request.getMsgId(), PushType.PUSH_BUSINESS_DATA)
                .setPayload(
                    BusinessResponse.newBuilder()
                        .setCode(200)
                        .setMessage(call)
                        .build()
                        .toByteString());
    transmit(current.append(answer));
  }

  /** Pushes the next message of the session, if there is one. */
  void push() {
    if (session != null) {
      transmit(session.append(message(0, PushType.PUSH_BUSINESS_DATA)));
    }
  }

  /** Drops pushes: some that were kept, or some before they were ever sent. */
  void drop() {
    if (session == null || wire != Wire.TOKENS) {
      return;
    }
    if (random.nextBoolean()) {
      session.dropKept(random);
    } else {
      transmit(session.dropNext(1 + random.nextInt(3)));
    }
  }

  private void transmit(ServerPush push) {
    if (connection != null) {
      connection.send(push);
    }
  }

  // ---------------------------------------------------------------- signals

  /** Another device of the player logs in, or an operator ends the session. */
  void endSession(boolean byOperator) {
    if (wire != Wire.TOKENS) {
      return;
    }
    if (connection != null) {
      kick(connection, byOperator ? Kicked.Reason.OPERATOR : Kicked.Reason.REPLACED);
    }
    connection = null;
    session = null;
    endedByOthers = true;
  }

  private static void kick(ModelPeer peer, Kicked.Reason reason) {
    peer.send(signal(PushType.PUSH_KICKED, Kicked.newBuilder().setReason(reason).build()));
    peer.close(reason == Kicked.Reason.REPLACED ? CloseCode.REPLACED : CloseCode.KICKED);
  }

  /** Asks the client to go; returns the connection that is to be closed, or null. */
  @Nullable ModelPeer goAway(int retryAfterMillis, List<String> addresses) {
    if (connection != null && wire == Wire.TOKENS) {
      GoAway goAway =
          GoAway.newBuilder().setRetryAfterMs(retryAfterMillis).addAllAddresses(addresses).build();
      connection.send(signal(PushType.PUSH_GO_AWAY, goAway));
      return connection;
    }
    return null;
  }

  private static ServerPush signal(PushType type, MessageLite payload) {
    return message(0, type).setPayload(payload.toByteString()).build();
  }

  private static ServerPush.Builder message(int msgId, PushType type) {
    return ServerPush.newBuilder().setMsgId(msgId).setType(type);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
