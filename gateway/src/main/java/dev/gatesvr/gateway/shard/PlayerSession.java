package dev.gatesvr.gateway.shard;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.gateway.admin.GatewayView.SessionView;
import dev.gatesvr.gateway.admin.SessionAdmin.SessionDetail;
import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.gateway.lifecycle.EndReason;
import dev.gatesvr.gateway.metrics.Stage;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.HeartbeatResponse;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.session.PushVerdict;
import dev.gatesvr.session.Refusal;
import dev.gatesvr.session.Reply;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.SessionOutput;
import dev.gatesvr.session.SessionState;
import dev.gatesvr.session.StartDecision;
import dev.gatesvr.upstream.route.ZoneId;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Session} in the running gateway: its names, its current connection, its place on the
 * wheel. Confined to its shard's loop, except {@link #sessionId}, {@link #openid}, {@link #shard}
 * and {@link #number}.
 */
public final class PlayerSession extends DeadlineWheel.Entry implements SessionOutput {
  private static final int NO_UPSTREAM_RETRY_MILLIS = 1_000;

  private final SessionShard shard;
  private final long number;
  private final String sessionId;
  private final String openid;
  private final ZoneId zone;
  private final Session session;
  private final long createdNanos;
  private final long createdMillis;
  private final PlayerFacts facts = new PlayerFacts(this);

  private @Nullable PlayerLink link;
  private long lastActivityNanos;
  private long tokenSealedNanos;
  private long scheduledNanos = Session.NO_DEADLINE;

  /** Something older than the next push waits in the offline store for room here. */
  private boolean storedLeft;

  /** Its place in the shard's list. */
  int slot;

  // What the shard's totals hold of this session.
  private int countedMessages;
  private long countedBytes;

  /** Names of a session; what they mean is in {@code proto/README.md}. */
  record Names(long number, String sessionId, String openid, ZoneId zone) {}

  PlayerSession(SessionShard shard, Names names, Session session, long nowNanos, long nowMillis) {
    this.shard = shard;
    this.number = names.number();
    this.sessionId = names.sessionId();
    this.openid = names.openid();
    this.zone = names.zone();
    this.session = session;
    this.createdNanos = nowNanos;
    this.createdMillis = nowMillis;
    this.lastActivityNanos = nowNanos;
  }

  public String sessionId() {
    return sessionId;
  }

  public String openid() {
    return openid;
  }

  /** The only one that may touch the rest of this session. */
  public SessionShard shard() {
    return shard;
  }

  /** Grows with the time of creation; orders pages of sessions. */
  public long number() {
    return number;
  }

  public ZoneId zone() {
    return zone;
  }

  Session core() {
    return session;
  }

  PlayerFacts facts() {
    return facts;
  }

  // ---------------------------------------------------------------- connections

  /** Binds a connection and answers its START; what is owed follows at once. */
  void attach(
      PlayerLink newLink, StartCommand command, StartDecision.Attach decision, long nowNanos) {
    dropLink(CloseCode.REATTACHED, nowNanos);
    int level = command.start().getProtocolLevel();
    link = newLink;
    lastActivityNanos = nowNanos;
    facts.attached(newLink, decision instanceof StartDecision.Resume);
    switch (decision) {
      case StartDecision.Resume resume -> {
        session.attach(resume.lastAckedSeq(), resume.token(), level, nowNanos);
        newLink.transmit(started(command.msgId(), true, nowNanos));
      }
      case StartDecision.Fresh fresh -> {
        session.attach(session.ackedSeq(), 0, level, nowNanos);
        newLink.transmit(started(command.msgId(), false, nowNanos));
        if (fresh.lost() != Resync.Reason.UNKNOWN) {
          long asked = command.start().getLastAckedSeqId();
          newLink.transmit(Answers.resync(fresh.lost(), asked, level));
        }
      }
    }
    session.onWritable(nowNanos, this);
    reschedule();
  }

  private ServerPush started(int msgId, boolean resumed, long nowNanos) {
    StartResponse.Builder response =
        Answers.describe(session, resumed)
            .setHeartbeatInterval(HeartbeatPace.seconds(shard.heartbeatSeconds(), number))
            .setConnectionId(sessionId);
    if (session.protocolLevel() != Session.LEVEL_GATESVR) {
      response
          .setResumeToken(sealedToken(nowNanos))
          .setSessionTimeoutMs(shard.sessionTimeoutMillis());
    }
    return Answers.started(msgId, response);
  }

  private ByteString sealedToken(long nowNanos) {
    tokenSealedNanos = nowNanos;
    return shard.tokens().seal(new ResumeClaim(sessionId, openid, number, session.issuedToken()));
  }

  void onConnectionClosed(PlayerLink closed) {
    if (closed.equals(link)) {
      link = null;
      if (session.state() == SessionState.ATTACHED) {
        session.detach(System.nanoTime());
        reschedule();
      }
      facts.detached();
    }
  }

  void onWritable(PlayerLink from) {
    if (from.equals(link)) {
      session.onWritable(System.nanoTime(), this);
      reschedule();
    }
  }

  /** Takes the session away from its client, which is told why; it leaves every index. */
  public void kick(Kicked.Reason reason, String detail) {
    boolean replaced = reason == Kicked.Reason.REPLACED;
    if (replaced) {
      shard.metrics().sessionReplaced();
      facts.takenOver();
    } else {
      shard.metrics().sessionKicked();
    }
    session.kick(reason, detail, this);
    shard.remove(this);
    facts.ended(replaced ? EndReason.REPLACED : EndReason.KICKED);
  }

  /** The client is done: ends the session and its connection; it leaves every index. */
  private void stop() {
    session.end(this);
    close(CloseCode.NORMAL);
    shard.remove(this);
    facts.ended(EndReason.STOPPED);
  }

  /** Tells the attached player that the gateway stops, then closes; the session stays. */
  void sendAway() {
    if (link != null) {
      link.transmit(Answers.goAway(session.protocolLevel()));
      dropLink(CloseCode.GOING_AWAY, System.nanoTime());
      reschedule();
    }
  }

  private void dropLink(CloseCode code, long nowNanos) {
    PlayerLink old = link;
    if (old != null) {
      link = null;
      session.detach(nowNanos);
      old.close(code);
      facts.detached();
    }
  }

  // ---------------------------------------------------------------- from the client

  void onFrame(PlayerLink from, ClientRequest frame, long receivedNanos) {
    if (!from.equals(link)) {
      return;
    }
    lastActivityNanos = receivedNanos;
    session.onHeard(receivedNanos);
    if (frame.getAckSeqId() != 0) {
      session.onAck(frame.getAckSeqId(), receivedNanos, this);
    }
    // A wrong acknowledgement has closed the connection.
    if (link != null) {
      onMessage(frame, receivedNanos);
    }
    if (storedLeft) {
      takeStored(receivedNanos);
    }
    reschedule();
  }

  private void onMessage(ClientRequest frame, long receivedNanos) {
    switch (frame.getType()) {
      case REQUEST_BUSINESS -> {
        shard.metrics().requestStarted();
        session.onRequest(frame, receivedNanos, this);
      }
      case REQUEST_ACK -> onAck(frame, receivedNanos);
      case REQUEST_HEARTBEAT -> onHeartbeat(frame, receivedNanos);
      case REQUEST_STOP -> {
        shard.metrics().sessionStopped();
        stop();
      }
      case REQUEST_START -> reject(frame, ErrorCode.WRONG_STATE, "already started", "start_twice");
      case REQUEST_UNKNOWN, UNRECOGNIZED ->
          reject(
              frame,
              ErrorCode.MALFORMED,
              "type: " + frame.getTypeValue() + " (expected: 1 to 5)",
              "unknown_type");
    }
  }

  private void onAck(ClientRequest frame, long receivedNanos) {
    try {
      long acked = ClientAck.parseFrom(frame.getPayload()).getAckedSeqId();
      session.onAck(acked, receivedNanos, this);
    } catch (InvalidProtocolBufferException e) {
      reject(frame, ErrorCode.MALFORMED, "payload is no ClientAck", "malformed_payload");
    }
  }

  private void onHeartbeat(ClientRequest frame, long receivedNanos) {
    try {
      HeartbeatRequest heartbeat = HeartbeatRequest.parseFrom(frame.getPayload());
      facts.onHeartbeat(heartbeat, shard.micros(receivedNanos));
      HeartbeatResponse.Builder response =
          Answers.heartbeat(heartbeat.getClientTimestamp(), System.currentTimeMillis())
              .setServerMicros(shard.micros(System.nanoTime()));
      boolean grownOld = receivedNanos - tokenSealedNanos >= shard.tokenRefreshNanos();
      if (grownOld && session.protocolLevel() != Session.LEVEL_GATESVR) {
        response.setResumeToken(sealedToken(receivedNanos));
      }
      transmit(Answers.heartbeat(frame.getMsgId(), response));
    } catch (InvalidProtocolBufferException e) {
      reject(frame, ErrorCode.MALFORMED, "payload is no HeartbeatRequest", "malformed_payload");
    }
  }

  private void reject(ClientRequest frame, int code, String detail, String kind) {
    if (link != null) {
      shard.troubles().protocolError(kind, link.remoteAddress());
    }
    transmit(Answers.error(frame.getMsgId(), code, "request refused", detail));
  }

  // ---------------------------------------------------------------- from the upstream

  /** A push of the upstream, already in the client's form. */
  public PushVerdict push(ServerPush.Builder message, Delivery delivery) {
    long nowNanos = System.nanoTime();
    if (storedLeft && delivery.hint() == NotifySyncHint.NSH_IMMEDIATELY) {
      takeStored(nowNanos);
      if (storedLeft) {
        return PushVerdict.FULL;
      }
    }
    PushVerdict verdict = session.onPush(message, delivery, nowNanos, this);
    reschedule();
    return verdict;
  }

  /** Takes what waits for this player since it had no session; call whenever there may be some. */
  public void takeStored(long nowNanos) {
    if (session.state() != SessionState.ENDED) {
      storedLeft =
          StoredDelivery.deliver(
              shard.offline(),
              openid,
              nowNanos,
              stored ->
                  session.onPush(stored.message().toBuilder(), stored.delivery(), nowNanos, this));
      reschedule();
    }
  }

  /** True when this session took the message, which is shared with every other receiver. */
  boolean broadcast(ServerPush shared, Delivery delivery) {
    return push(shared.toBuilder(), delivery).accepted();
  }

  void onReply(UpstreamCall call, Reply reply, int code) {
    long repliedNanos = System.nanoTime();
    shard.timings().record(Stage.UPSTREAM, repliedNanos - call.startedNanos());
    session.onReply(call.clientSeq(), reply, repliedNanos, this);
    reschedule();
    long doneNanos = System.nanoTime();
    shard.timings().record(Stage.SEND, doneNanos - repliedNanos);
    shard.timings().record(Stage.TOTAL, doneNanos - call.receivedNanos());
    shard.metrics().requestFinished(zone.toString(), code, doneNanos - call.receivedNanos());
  }

  // ---------------------------------------------------------------- effects of the core

  @Override
  public boolean transmit(ServerPush push) {
    return link != null && link.transmit(push);
  }

  @Override
  public @Nullable Refusal admit() {
    return shard.serves(zone)
        ? shard.guard().admitRequest(System.nanoTime())
        : new Refusal(
            ErrorCode.UNAVAILABLE,
            "no upstream serves zone " + zone.toString(),
            NO_UPSTREAM_RETRY_MILLIS);
  }

  @Override
  public void execute(ClientRequest frame, BusinessRequest request, long receivedNanos) {
    UpstreamRequest.Builder call =
        UpstreamRequest.newBuilder()
            .setSessionId(sessionId)
            .setOpenid(openid)
            .setAction(request.getAction())
            .setData(request.getData())
            .setClientSeqId(frame.getSeqId())
            .setSettledClientSeqId(session.settledClientSeq());
    if (request.getParamsCount() > 0) {
      call.putAllParams(request.getParamsMap());
    }
    if (frame.getHeadersCount() > 0) {
      call.putAllHeaders(frame.getHeadersMap());
    }
    facts.describe(call);
    new UpstreamCall(this, frame.getSeqId(), receivedNanos, System.nanoTime()).start(call.build());
  }

  @Override
  public boolean memoryFull() {
    return shard.memoryFull();
  }

  @Override
  public void finished() {
    shard.guard().requestFinished();
  }

  @Override
  public void refused(int code) {
    shard.metrics().requestFinished(zone.toString(), code, 0);
  }

  @Override
  public void close(CloseCode code) {
    PlayerLink old = link;
    link = null;
    if (old != null) {
      old.close(code);
    }
    facts.detached();
  }

  // ---------------------------------------------------------------- time and views

  @Override
  void onDue(long nowNanos) {
    scheduledNanos = Session.NO_DEADLINE;
    boolean wasDetached = session.state() == SessionState.DETACHED;
    session.onDeadline(nowNanos, this);
    if (session.state() == SessionState.ENDED) {
      if (wasDetached) {
        shard.metrics().sessionExpired();
      }
      shard.remove(this);
      facts.ended(EndReason.EXPIRED);
    } else {
      reschedule();
    }
  }

  /**
   * Moves the wheel only when the deadline came nearer; a later one is seen when this one fires.
   */
  private void reschedule() {
    account();
    long deadline = session.nextDeadlineNanos();
    if (deadline == Session.NO_DEADLINE) {
      return;
    }
    if (scheduledNanos == Session.NO_DEADLINE || deadline - scheduledNanos < 0) {
      scheduledNanos = deadline;
      shard.wheel().set(this, deadline);
    }
  }

  private void account() {
    int messages = session.state() == SessionState.ENDED ? 0 : session.queuedMessages();
    long bytes = session.state() == SessionState.ENDED ? 0 : session.queuedBytes();
    if (messages != countedMessages || bytes != countedBytes) {
      shard.count(messages - countedMessages, bytes - countedBytes);
      countedMessages = messages;
      countedBytes = bytes;
    }
  }

  /** This session has left every index. */
  void removed() {
    shard.count(-countedMessages, -countedBytes);
    countedMessages = 0;
    countedBytes = 0;
  }

  SessionDetail detail() {
    return new SessionDetail(view(), number, facts.rttMicros(), facts.attributes());
  }

  SessionView view() {
    long sinceCreated = TimeUnit.NANOSECONDS.toMillis(lastActivityNanos - createdNanos);
    PlayerLink now = link;
    return new SessionView(
        sessionId,
        openid,
        zone.toString(),
        createdMillis,
        createdMillis + sinceCreated,
        session.outstandingRequests(),
        now == null ? "" : Addresses.text(now.remoteAddress()),
        now == null ? "" : now.transport(),
        session.nextClientSeq(),
        session.sentSeq(),
        session.ackedSeq(),
        session.queuedMessages());
  }
}
