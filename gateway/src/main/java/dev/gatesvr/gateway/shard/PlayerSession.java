package dev.gatesvr.gateway.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.gateway.admin.GatewayView.SessionView;
import dev.gatesvr.gateway.admin.SessionAdmin.SessionDetail;
import dev.gatesvr.gateway.lifecycle.EndReason;
import dev.gatesvr.gateway.metrics.Stage;
import dev.gatesvr.gateway.replica.ShardReplica;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.HeartbeatResponse;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.session.PushVerdict;
import dev.gatesvr.session.Recorder;
import dev.gatesvr.session.Reply;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.SessionReplica;
import dev.gatesvr.session.SessionState;
import dev.gatesvr.session.StartDecision;
import dev.gatesvr.upstream.route.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Session} in the running gateway: its names, its current connection, its place on the
 * wheel. Confined to its shard's loop, except {@link #sessionId}, {@link #openid}, {@link #shard}
 * and {@link #number}.
 */
public final class PlayerSession extends DeadlineWheel.Entry {
  private final SessionShard shard;
  private final long number;
  private final String sessionId;
  private final String openid;
  private final ZoneId zone;
  private final Session session;
  private final long createdNanos;
  private final long createdMillis;
  private final PlayerFacts facts = new PlayerFacts(this);
  private final PlayerOutlet out = new PlayerOutlet(this);
  private final StartAnswers starts = new StartAnswers(this);

  /** Newest position that leaves once the standby has it. */
  private long releasing;

  private long lastActivityNanos;
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

  /** Everything of it, for the standby. */
  dev.gatesvr.proto.SessionState capture(long nowNanos) {
    return SessionReplica.capture(session, nowNanos)
        .setNumber(number)
        .setSessionId(sessionId)
        .setOpenid(openid)
        .setCreatedUnixMs(createdMillis)
        .addAllAttributes(facts.capture(nowNanos))
        .build();
  }

  /** The standby learns of a session that is new to it. */
  void introduce(long nowNanos) {
    Recorder recorder = shard.replica().recorder();
    if (recorder.recording()) {
      recorder.whole(capture(nowNanos));
    }
    commit();
  }

  /** What was accepted elsewhere starts, as far as it can. */
  void resumeRequests() {
    session.resumeRequests(System.nanoTime(), out);
    settled();
  }

  /**
   * What an upstream is told of its push when the answer leaves.
   *
   * @param verdict what it was at first
   * @param seq the newest position right after it
   */
  public PushVerdict verdictNow(PushVerdict verdict, long seq) {
    boolean sent = session.state() == SessionState.ATTACHED && session.sentSeq() >= seq;
    return verdict == PushVerdict.QUEUED && sent ? PushVerdict.DELIVERED : verdict;
  }

  /** Newest position given out. */
  public long lastSeq() {
    return session.lastSeq();
  }

  // ---------------------------------------------------------------- connections

  /**
   * Binds a connection and answers its START, with what is owed right after it, once the standby
   * knows of it.
   *
   * @param bound tells the connection of its session, before the answer
   */
  void attach(
      PlayerLink newLink,
      StartCommand command,
      StartDecision.Attach decision,
      Runnable bound,
      long nowNanos) {
    dropLink(CloseCode.REATTACHED, nowNanos);
    int level = command.start().getProtocolLevel();
    out.bind(newLink);
    lastActivityNanos = nowNanos;
    facts.attached(newLink, decision instanceof StartDecision.Resume);
    switch (decision) {
      case StartDecision.Resume resume ->
          session.attach(resume.lastAckedSeq(), resume.token(), level, nowNanos);
      case StartDecision.Fresh fresh -> session.attach(session.ackedSeq(), 0, level, nowNanos);
    }
    List<ServerPush> answers = starts.answers(command, decision, nowNanos);
    settled();
    shard
        .replica()
        .leaveAfterCommit(
            () -> {
              bound.run();
              answer(newLink, answers);
            },
            () -> newLink.close(CloseCode.GOING_AWAY));
  }

  /** Unless another connection took over, or this one is gone. */
  private void answer(PlayerLink to, List<ServerPush> answers) {
    if (out.isBoundTo(to)) {
      answers.forEach(to::transmit);
      out.started();
      session.onWritable(System.nanoTime(), out);
      settled();
    }
  }

  void onConnectionClosed(PlayerLink closed) {
    if (out.isBoundTo(closed)) {
      out.unbind();
      if (session.state() == SessionState.ATTACHED) {
        session.detach(System.nanoTime());
        settled();
      }
      facts.detached();
    }
  }

  void onWritable(PlayerLink from) {
    if (out.isBoundTo(from)) {
      session.onWritable(System.nanoTime(), out);
      settled();
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
    LastWords words = new LastWords(out);
    session.kick(reason, detail, words);
    over(words, replaced ? EndReason.REPLACED : EndReason.KICKED);
  }

  /** The client is done: ends the session and its connection; it leaves every index. */
  private void stop() {
    LastWords words = new LastWords(out);
    session.end(words);
    words.close(CloseCode.NORMAL);
    over(words, EndReason.STOPPED);
  }

  /** This process no longer leads; the session lives on elsewhere, where its client should go. */
  void moveAway(ServerPush goAway) {
    if (out.isBound()) {
      out.transmit(goAway);
      dropLink(CloseCode.GOING_AWAY, System.nanoTime());
    }
    session.end(out);
    shard.remove(this);
    facts.ended(EndReason.MOVED);
  }

  private void over(LastWords words, EndReason reason) {
    out.unbind();
    commit();
    shard.replica().leaveAfterCommit(words::say, words::say);
    shard.remove(this);
    facts.ended(reason);
  }

  /** Tells the attached player that the gateway stops, then closes; the session stays. */
  void sendAway() {
    if (out.isBound()) {
      out.transmit(Answers.goAway(session.protocolLevel()));
      dropLink(CloseCode.GOING_AWAY, System.nanoTime());
      settled();
    }
  }

  private void dropLink(CloseCode code, long nowNanos) {
    PlayerLink old = out.unbind();
    if (old != null) {
      session.detach(nowNanos);
      old.close(code);
      facts.detached();
    }
  }

  // ---------------------------------------------------------------- from the client

  void onFrame(PlayerLink from, ClientRequest frame, long receivedNanos) {
    if (!out.isBoundTo(from) || turnedAway(frame, receivedNanos)) {
      return;
    }
    lastActivityNanos = receivedNanos;
    session.onHeard(receivedNanos);
    if (frame.getAckSeqId() != 0) {
      session.onAck(frame.getAckSeqId(), receivedNanos, out);
    }
    // A wrong acknowledgement has closed the connection.
    if (out.isBound()) {
      onMessage(frame, receivedNanos);
    }
    if (storedLeft) {
      takeStored(receivedNanos);
    }
    settled();
  }

  /**
   * While the lead is handed over, or a strict primary waits for its standby, a request is refused,
   * so that it comes again here or at the other gateway; everything else is said again anyway.
   * After the lead nothing is said.
   */
  private boolean turnedAway(ClientRequest frame, long receivedNanos) {
    Lead lead = shard.lead();
    if (lead.frozen() && lead.serving() && frame.getType() == RequestType.REQUEST_BUSINESS) {
      onMessage(frame, receivedNanos);
      settled();
    }
    return !lead.open();
  }

  private void onMessage(ClientRequest frame, long receivedNanos) {
    switch (frame.getType()) {
      case REQUEST_BUSINESS -> {
        shard.metrics().requestStarted();
        session.onRequest(frame, receivedNanos, out);
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
      session.onAck(acked, receivedNanos, out);
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
      if (starts.tokenGrewOld(receivedNanos)) {
        response.setResumeToken(starts.token(receivedNanos));
      }
      out.transmit(Answers.heartbeat(frame.getMsgId(), response));
    } catch (InvalidProtocolBufferException e) {
      reject(frame, ErrorCode.MALFORMED, "payload is no HeartbeatRequest", "malformed_payload");
    }
  }

  private void reject(ClientRequest frame, int code, String detail, String kind) {
    PlayerLink link = out.link();
    if (link != null) {
      shard.troubles().protocolError(kind, link.remoteAddress());
    }
    out.transmit(Answers.error(frame.getMsgId(), code, "request refused", detail));
  }

  // ---------------------------------------------------------------- from the upstream

  /** A push of the upstream, already in the client's form. */
  public PushVerdict push(ServerPush.Builder message, Delivery delivery) {
    long nowNanos = System.nanoTime();
    if (shard.replica().full()) {
      return PushVerdict.FULL;
    }
    if (storedLeft && delivery.hint() == NotifySyncHint.NSH_IMMEDIATELY) {
      takeStored(nowNanos);
      if (storedLeft) {
        return PushVerdict.FULL;
      }
    }
    PushVerdict verdict = session.onPush(message, delivery, nowNanos, out);
    settled();
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
                  session.onPush(stored.message().toBuilder(), stored.delivery(), nowNanos, out));
      settled();
    }
  }

  /** True when this session took the message, which is shared with every other receiver. */
  boolean broadcast(ServerPush shared, Delivery delivery) {
    return push(shared.toBuilder(), delivery).accepted();
  }

  void onReply(UpstreamCall call, Reply reply, int code) {
    long repliedNanos = System.nanoTime();
    shard.timings().record(Stage.UPSTREAM, repliedNanos - call.startedNanos());
    session.onReply(call.clientSeq(), reply, repliedNanos, out);
    settled();
    long doneNanos = System.nanoTime();
    shard.timings().record(Stage.SEND, doneNanos - repliedNanos);
    shard.timings().record(Stage.TOTAL, doneNanos - call.receivedNanos());
    shard.metrics().requestFinished(zone.toString(), code, doneNanos - call.receivedNanos());
  }

  // ---------------------------------------------------------------- time and views

  @Override
  void onDue(long nowNanos) {
    scheduledNanos = Session.NO_DEADLINE;
    boolean wasDetached = session.state() == SessionState.DETACHED;
    session.onDeadline(nowNanos, out);
    if (session.state() == SessionState.ENDED) {
      if (wasDetached) {
        shard.metrics().sessionExpired();
      }
      commit();
      shard.remove(this);
      facts.ended(EndReason.EXPIRED);
    } else {
      settled();
    }
  }

  /**
   * After every input: what it did is written down and counted, and its deadline kept. The wheel
   * moves only when that came nearer; a later one is seen when this one fires.
   */
  void settled() {
    commit();
    account();
    long deadline = session.nextDeadlineNanos();
    boolean nearer = scheduledNanos == Session.NO_DEADLINE || deadline - scheduledNanos < 0;
    if (deadline != Session.NO_DEADLINE && nearer) {
      scheduledNanos = deadline;
      shard.wheel().set(this, deadline);
    }
  }

  /** An input is over: the standby learns what it did, and then what it numbered may leave. */
  private void commit() {
    ShardReplica replica = shard.replica();
    replica.commit(number, () -> SessionReplica.digest(session));
    long newest = session.lastSeq();
    if (replica.holdsOutputs() && newest > releasing) {
      releasing = newest;
      replica.leaveAfterCommit(() -> release(newest), () -> {});
    }
  }

  private void release(long seq) {
    if (session.state() != SessionState.ENDED) {
      session.onReplicated(seq, System.nanoTime(), out);
      settled();
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
    PlayerLink now = out.link();
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
