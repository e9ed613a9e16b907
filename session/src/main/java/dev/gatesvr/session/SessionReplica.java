package dev.gatesvr.session;

import com.google.protobuf.MessageLite;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.KeptMessage;
import dev.gatesvr.proto.KeptRequest;
import dev.gatesvr.proto.RequestAnswered;
import dev.gatesvr.proto.RequestBoundPush;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.SessionAttached;
import dev.gatesvr.proto.SessionOp;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * A session on the standby: made from a snapshot, kept the same by what a {@link Recorder} wrote,
 * compared by digest. Static functions; the session they work on belongs to the caller.
 *
 * <p>A replica is detached, nothing expires in it, and it does nothing by itself, until {@link
 * Session#takeOver}.
 */
public final class SessionReplica {
  private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;

  private SessionReplica() {}

  // ---------------------------------------------------------------- snapshot

  /** The session's part of a snapshot; names and attributes are the caller's to add. */
  public static dev.gatesvr.proto.SessionState.Builder capture(Session session, long nowNanos) {
    dev.gatesvr.proto.SessionState.Builder state =
        dev.gatesvr.proto.SessionState.newBuilder()
            .setEpoch(session.epoch())
            .setProtocolLevel(session.protocolLevel())
            .setNextClientSeq(session.nextClientSeq())
            .setRefusedThrough(session.refusedThrough)
            .setTokenIssued(session.tokens.issued())
            .setTokenOldestGood(session.tokens.oldestGood());
    session.ring.capture(state, nowNanos);
    for (PendingRequest request : session.requests.all()) {
      state.addRequests(capture(request, nowNanos));
    }
    return state;
  }

  private static KeptRequest capture(PendingRequest request, long nowNanos) {
    KeptRequest.Builder kept =
        KeptRequest.newBuilder()
            .setFrame(request.frame)
            .setWaitedMs(millis(nowNanos - request.receivedNanos))
            .setDispatched(request.dispatched())
            .setIncarnation(request.incarnation());
    request.before().forEach(push -> kept.addBound(Recorder.bound(request.clientSeq(), push)));
    request.after().forEach(push -> kept.addBound(Recorder.bound(request.clientSeq(), push)));
    return kept.build();
  }

  static long millis(long nanos) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /**
   * A session as a snapshot has it.
   *
   * @param idle one for all replicas, which does not record
   * @param nowNanos now, on this process's clock
   * @throws IllegalArgumentException when the state contradicts itself
   */
  public static Session restore(
      dev.gatesvr.proto.SessionState state, SessionLimits limits, Recorder idle, long nowNanos) {
    Session session = new Session(state.getEpoch(), limits, idle, nowNanos);
    session.protocolLevel = state.getProtocolLevel();
    session.nextClientSeq = state.getNextClientSeq();
    session.refusedThrough = state.getRefusedThrough();
    session.tokens.restore(state.getTokenIssued(), state.getTokenOldestGood());
    session.ring.restore(state, nowNanos);
    for (KeptRequest kept : state.getRequestsList()) {
      long receivedNanos = nowNanos - TimeUnit.MILLISECONDS.toNanos(kept.getWaitedMs());
      PendingRequest request = new PendingRequest(kept.getFrame(), receivedNanos);
      session.requests.add(request);
      if (kept.getDispatched()) {
        request.dispatchedTo(kept.getIncarnation());
      }
      kept.getBoundList().forEach(push -> bind(session, push));
    }
    return session;
  }

  // ---------------------------------------------------------------- one input

  /**
   * Repeats one thing that happened to the session on the primary. Attributes and whole states are
   * the caller's.
   *
   * @throws IllegalStateException when it does not fit: the replica is not what the primary has
   */
  public static void apply(Session session, SessionOp op, long nowNanos) {
    switch (op.getOpCase()) {
      case ATTACHED -> attach(session, op.getAttached());
      case TOKEN_CONFIRMED -> session.tokens.heard();
      case ACCEPTED -> accept(session, op.getAccepted(), nowNanos);
      case DISPATCHED ->
          pending(session, op.getDispatched().getClientSeq())
              .dispatchedTo(op.getDispatched().getIncarnation());
      case BOUND -> bind(session, op.getBound());
      case APPENDED -> append(session, op.getAppended(), nowNanos);
      case ANSWERED -> answer(session, op.getAnswered(), nowNanos);
      case ACKED -> acked(session, op.getAcked());
      case DROPPED -> session.ring.dropAt(op.getDropped().getSeq(), op.getDropped().getReason());
      case REFUSED_THROUGH -> session.refusedThrough = op.getRefusedThrough();
      case ENDED -> session.state = SessionState.ENDED;
      case DETACHED -> {
        // Every replica is.
      }
      case WHOLE, ATTRIBUTE_SET, ATTRIBUTE_REMOVED, OP_NOT_SET ->
          throw new IllegalStateException("op: " + op.getOpCase() + " (expected: of the session)");
    }
  }

  private static void attach(Session session, SessionAttached attached) {
    acked(session, attached.getAckedSeq());
    session.tokens.attached(attached.getToken());
    session.protocolLevel = attached.getProtocolLevel();
  }

  private static void acked(Session session, long seq) {
    // What was acknowledged was sent, which the standby is not told of otherwise.
    session.ring.everSent(seq);
    session.ring.ack(seq);
  }

  private static void accept(Session session, ClientRequest frame, long nowNanos) {
    // A client of the old wire may go on after what was refused.
    boolean inOrder =
        frame.getSeqId() == session.nextClientSeq()
            || (session.ofOldWire() && frame.getSeqId() > session.nextClientSeq());
    if (!inOrder) {
      throw new IllegalStateException(
          "accepted: " + frame.getSeqId() + " (expected: " + session.nextClientSeq() + ")");
    }
    session.accepted(new PendingRequest(frame, nowNanos));
  }

  private static PendingRequest pending(Session session, long clientSeq) {
    PendingRequest request = session.requests.find(clientSeq);
    if (request == null) {
      throw new IllegalStateException("request " + clientSeq + " is not pending");
    }
    return request;
  }

  private static void bind(Session session, RequestBoundPush push) {
    session.requests.bind(
        pending(session, push.getClientSeq()),
        Recorder.bound(push),
        push.getMessage().getSerializedSize() + Messages.POSITION_BYTES_MAX);
  }

  private static void append(Session session, KeptMessage kept, long nowNanos) {
    ServerPush message = kept.getMessage();
    ServerPush numbered =
        session.ring.append(
            message.toBuilder(), kept.getRequestSeq(), Recorder.delivery(kept), nowNanos);
    checkPosition(message, numbered);
  }

  private static void answer(Session session, RequestAnswered answered, long nowNanos) {
    PendingRequest request = pending(session, answered.getClientSeq());
    session.requests.forgetPending(request);
    ServerPush answer = answered.getAnswer();
    checkPosition(answer, session.keepAnswer(request, answer.toBuilder(), nowNanos));
  }

  private static void checkPosition(ServerPush told, ServerPush numbered) {
    if (told.getSeqId() != numbered.getSeqId()) {
      throw new IllegalStateException(
          "position: " + told.getSeqId() + " (expected: " + numbered.getSeqId() + ")");
    }
  }

  // ---------------------------------------------------------------- comparing

  /**
   * A number over everything that the standby must have the same. Two sessions with the same number
   * are the same, but for a chance of one in 2^64.
   */
  public static long digest(Session session) {
    long digest = mix(session.epoch(), session.nextClientSeq());
    digest = mix(digest, session.tokens.issued());
    digest = mix(digest, session.tokens.oldestGood());
    digest = mix(digest, session.protocolLevel());
    digest = mix(digest, session.state() == SessionState.ENDED ? 1 : 0);
    digest = session.ring.digest(digest);
    for (PendingRequest request : session.requests.all()) {
      digest = mix(digest, request.frame);
      digest = mix(digest, request.dispatched() ? request.incarnation() + 1 : 0);
      for (PendingRequest.BoundPush push : request.before()) {
        digest = mix(digest, push.message().buildPartial());
      }
      for (PendingRequest.BoundPush push : request.after()) {
        digest = mix(digest, push.message().buildPartial());
      }
    }
    return digest;
  }

  /**
   * Mixes in the bytes of a message. Its hashCode would not do: that of a protobuf message is
   * another one in each process.
   */
  static long mix(long digest, MessageLite message) {
    ByteBuffer bytes = message.toByteString().asReadOnlyByteBuffer();
    long mixed = mix(digest, bytes.remaining());
    while (bytes.remaining() >= Long.BYTES) {
      mixed = mix(mixed, bytes.getLong());
    }
    while (bytes.hasRemaining()) {
      mixed = mix(mixed, bytes.get());
    }
    return mixed;
  }

  static long mix(long digest, long more) {
    long mixed = (digest ^ more) * PRIME;
    return mixed ^ (mixed >>> 32);
  }
}
