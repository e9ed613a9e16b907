package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as the protocol describes it, small enough to be believed: one player, one session at
 * a time, requests once and in order. Everything it promises is checked where it happens.
 */
final class ModelGateway {
  private final Random random;
  private final boolean legacy;
  private final double refuseRate;
  private final double forgetRate;
  private final Map<String, Integer> executions = new HashMap<>();
  private @Nullable Session session;
  private @Nullable Peer connection;
  private int sessions;

  /** The session of the newest START answer that the client read. */
  private int known;

  /**
   * @param legacy speaks GateSvr's wire only: no extension fields, no refusals that ask for the
   *     same sequence, any sequence accepted. It cannot tell one history from another, so it
   *     forgets none, and here it also never continues one that the client has not heard of, which
   *     nobody could notice
   */
  ModelGateway(Random random, boolean legacy) {
    this.random = random;
    this.legacy = legacy;
    this.refuseRate = legacy ? 0 : random.nextInt(4) * 0.05;
    this.forgetRate = !legacy && random.nextInt(3) == 0 ? 0.3 : 0;
  }

  /** The gateway's end of one connection. */
  static final class Peer {
    private final Consumer<ServerPush> sink;
    private final Runnable closer;

    Peer(Consumer<ServerPush> sink, Runnable closer) {
      this.sink = sink;
      this.closer = closer;
    }

    void close() {
      closer.run();
    }

    void send(ServerPush push) {
      sink.accept(push);
    }
  }

  /** One history. */
  private static final class Session {
    final int id;
    final TreeMap<Long, ServerPush> ring = new TreeMap<>();
    final TreeMap<Long, Integer> answeredInRing = new TreeMap<>();
    final ArrayDeque<ClientRequest> accepted = new ArrayDeque<>();
    long nextClientSeq = 1;
    long lastSeq;
    long ackedSeq;
    boolean refusing;

    Session(int id) {
      this.id = id;
    }
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
    return session == null || legacy ? 0 : session.accepted.size();
  }

  void connectionLost(Peer lost) {
    if (connection == lost) {
      connection = null;
    }
  }

  void onRequest(ClientRequest request, Peer from) throws InvalidProtocolBufferException {
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

  private void onStart(ClientRequest request, Peer from) throws InvalidProtocolBufferException {
    StartRequest start = StartRequest.parseFrom(request.getPayload());
    if (random.nextDouble() < refuseRate) {
      ErrorMessage busy = ErrorMessage.newBuilder().setErrorCode(503).setRetryAfterMs(5).build();
      from.send(started(request, StartResponse.newBuilder().setError(busy)));
      return;
    }
    long position = start.getLastAckedSeqId();
    Session current = session;
    boolean resumed =
        current != null
            && (legacy ? position > 0 && known == current.id : start.getEpoch() == current.id)
            && position >= current.ackedSeq
            && position <= current.lastSeq
            && random.nextDouble() >= forgetRate;
    if (!resumed || current == null) {
      current = new Session(++sessions);
      session = current;
    }
    if (connection != null && connection != from) {
      connection.close();
    }
    connection = from;
    trim(current, resumed ? position : 0);
    from.send(
        started(
            request,
            StartResponse.newBuilder()
                .setSuccess(true)
                .setHeartbeatInterval(1)
                .setResumed(resumed && !legacy)
                .setEpoch(legacy ? 0 : current.id)
                .setNextClientSeqId(legacy ? 0 : current.nextClientSeq)));
    current.ring.values().forEach(from::send);
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

  private void onAck(long seq, Peer from) {
    if (session != null && connection == from) {
      if (seq > session.lastSeq) {
        throw new AssertionError("ack " + seq + " above " + session.lastSeq);
      }
      trim(session, seq);
    }
  }

  private static void trim(Session session, long seq) {
    session.ackedSeq = Math.max(session.ackedSeq, seq);
    session.ring.headMap(seq, true).clear();
    session.answeredInRing.values().removeIf(at -> at <= seq);
  }

  private void onBusiness(ClientRequest request, Peer from) {
    Session current = session;
    if (current == null || connection != from) {
      return;
    }
    long seq = request.getSeqId();
    if (seq < current.nextClientSeq) {
      boolean answerComes =
          current.answeredInRing.containsKey(seq)
              || current.accepted.stream().anyMatch(waiting -> waiting.getSeqId() == seq);
      if (!answerComes) {
        from.send(error(request, 400, false));
      }
    } else if (seq > current.nextClientSeq && !legacy) {
      if (!current.refusing) {
        throw new AssertionError("seq " + seq + " (expected: " + current.nextClientSeq + ")");
      }
      from.send(error(request, 503, true));
    } else if (random.nextDouble() < refuseRate) {
      current.refusing = true;
      from.send(error(request, 503, true));
    } else {
      current.refusing = false;
      current.nextClientSeq = seq + 1;
      current.accepted.add(request);
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
    Session current = session;
    ClientRequest request = current == null ? null : current.accepted.poll();
    if (current != null && request != null) {
      String call = request.getPayload().toStringUtf8();
      if (executions.merge(call, 1, Integer::sum) > 1) {
        throw new AssertionError("executed twice: " + call);
      }
      ByteString answer =
          BusinessResponse.newBuilder().setCode(200).setMessage(call).build().toByteString();
      current.answeredInRing.put(request.getSeqId(), (int) current.lastSeq + 1);
      append(current, message(request.getMsgId(), PushType.PUSH_BUSINESS_DATA).setPayload(answer));
    }
  }

  /** Pushes the next message of the session, if there is one. */
  void push() {
    if (session != null) {
      append(session, message(0, PushType.PUSH_BUSINESS_DATA));
    }
  }

  private void append(Session current, ServerPush.Builder message) {
    long seq = ++current.lastSeq;
    ServerPush push =
        message.setSeqId(seq).putHeaders("session", Integer.toString(current.id)).build();
    current.ring.put(seq, push);
    if (connection != null) {
      connection.send(push);
    }
  }

  private static ServerPush.Builder message(int msgId, PushType type) {
    return ServerPush.newBuilder().setMsgId(msgId).setType(type);
  }
}
