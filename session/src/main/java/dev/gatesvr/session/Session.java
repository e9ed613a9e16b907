package dev.gatesvr.session;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.ServerPush;
import org.jspecify.annotations.Nullable;

/**
 * One player's session: what arrives for the player is numbered, kept until acknowledged and sent
 * again after a reconnect; what the player asks is run once, in order.
 *
 * <p>Not thread-safe; confined to its shard. Time is monotonic nanoseconds, any origin. See the
 * package documentation for the states and the ring.
 */
public final class Session {
  /** What {@link #nextDeadlineNanos} answers when nothing is due. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /** Client that goes on counting after a refusal, as GateSvr's does. */
  public static final int LEVEL_GATESVR = 0;

  private long epoch;
  private final SessionLimits limits;
  final ReplayRing ring;
  final RequestQueue requests = new RequestQueue();
  final AttachNumbers tokens = new AttachNumbers();
  private final Room room;
  private final LinkWatch watch;
  private Recorder recorder;

  SessionState state = SessionState.DETACHED;
  int protocolLevel;
  long nextClientSeq = 1;

  /** Newest sequence of an unbroken run of refusals from nextClientSeq; below it when none is. */
  long refusedThrough;

  private @Nullable ServerPush owedRefusal;

  private long detachedAtNanos;

  /**
   * @param epoch names this history; another session of the same player has another one
   * @param nowNanos when it was created; it is detached until {@link #attach}
   */
  public Session(long epoch, SessionLimits limits, long nowNanos) {
    this(epoch, limits, new Recorder(), nowNanos);
  }

  /**
   * The same, for a gateway with a standby.
   *
   * @param recorder writes down what happens to it
   */
  public Session(long epoch, SessionLimits limits, Recorder recorder, long nowNanos) {
    this.epoch = epoch;
    this.limits = limits;
    this.recorder = recorder;
    this.ring = new ReplayRing(limits.replayMessagesMax(), recorder);
    this.room = new Room(ring, requests, limits);
    this.watch = new LinkWatch(limits.times());
    this.detachedAtNanos = nowNanos;
  }

  // ---------------------------------------------------------------- connections

  /** True when everything after {@code lastAckedSeq} can still be sent. */
  public boolean canResumeAfter(long lastAckedSeq) {
    return state != SessionState.ENDED
        && lastAckedSeq >= ring.ackedSeq()
        && lastAckedSeq <= ring.everSentSeq();
  }

  /**
   * Takes a connection. What was sent and not acknowledged will be sent again by the {@link
   * #onWritable} that must follow once the start was answered.
   *
   * @param lastAckedSeq what the client handled; {@link #canResumeAfter} must hold
   * @param token the resume token it came with, which {@link #acceptsToken} must hold for; 0 for
   *     none
   * @param level the client's {@code protocol_level}
   */
  public void attach(long lastAckedSeq, long token, int level, long nowNanos) {
    if (state != SessionState.DETACHED || !canResumeAfter(lastAckedSeq)) {
      throw new IllegalStateException("attach after " + lastAckedSeq + " while " + state);
    }
    tokens.attached(token);
    state = SessionState.ATTACHED;
    protocolLevel = level;
    recorder.attached(token, level, lastAckedSeq);
    ring.ack(lastAckedSeq);
    ring.rewind();
    watch.restart(nowNanos);
  }

  /** The connection is gone; the session waits for the next one. */
  public void detach(long nowNanos) {
    if (state != SessionState.ATTACHED) {
      throw new IllegalStateException("detach while " + state);
    }
    state = SessionState.DETACHED;
    owedRefusal = null;
    detachedAtNanos = nowNanos;
  }

  /**
   * Takes the session away from its client: says why, as far as the connection takes it, then
   * closes and ends. Nothing follows.
   */
  public void kick(Kicked.Reason reason, String detail, SessionOutput out) {
    boolean wasAttached = state == SessionState.ATTACHED;
    if (wasAttached) {
      out.transmit(Messages.kicked(reason, detail, protocolLevel));
    }
    end(out);
    if (wasAttached) {
      out.close(reason == Kicked.Reason.REPLACED ? CloseCode.REPLACED : CloseCode.KICKED);
    }
  }

  /**
   * Ends the session: nothing is accepted any more, and requests that have not started are dropped.
   * One that runs upstream is still finished by its {@link #onReply}.
   */
  public void end(SessionOutput out) {
    state = SessionState.ENDED;
    recorder.ended();
    while (requests.dropWaiting() != null) {
      out.refused(ErrorCode.WRONG_STATE);
      out.finished();
    }
  }

  /** The connection takes messages again, or for the first time. */
  public void onWritable(long nowNanos, SessionOutput out) {
    pump(nowNanos, out);
  }

  // ---------------------------------------------------------------- from the client

  /** The client sent something: it lives, and it got the answer of its START. */
  public void onHeard(long nowNanos) {
    watch.heard(nowNanos);
    if (tokens.heard()) {
      recorder.tokenConfirmed();
    }
  }

  /** A BUSINESS request: runs it, queues it behind the running one, or says why not. */
  public void onRequest(ClientRequest frame, long nowNanos, SessionOutput out) {
    if (state != SessionState.ATTACHED) {
      throw new IllegalStateException("request while " + state);
    }
    long seq = frame.getSeqId();
    if (seq < nextClientSeq) {
      onRepeated(frame, out);
    } else if (seq > nextClientSeq && !skipsOnlyRefused(seq)) {
      out.refused(ErrorCode.MALFORMED);
      boolean followsRefused = refusedThrough >= nextClientSeq;
      refuse(Messages.outOfOrder(frame, nextClientSeq, followsRefused), out);
    } else {
      onNew(frame, nowNanos, out);
    }
  }

  /**
   * A cumulative acknowledgement.
   *
   * @param ackedSeq everything up to here was handled; a stale one does nothing
   */
  public void onAck(long ackedSeq, long nowNanos, SessionOutput out) {
    if (ackedSeq < 0 || ackedSeq > ring.everSentSeq()) {
      detach(nowNanos);
      out.close(CloseCode.ACK_INVALID);
      return;
    }
    if (ring.ack(ackedSeq)) {
      recorder.acked(ackedSeq);
      watch.ackProgress(nowNanos);
      startNext(nowNanos, out);
      pump(nowNanos, out);
    }
  }

  private void onRepeated(ClientRequest frame, SessionOutput out) {
    long seq = frame.getSeqId();
    boolean answerComes = requests.find(seq) != null || ring.holdsAnswerTo(seq);
    if (!answerComes) {
      out.refused(ErrorCode.MALFORMED);
      String why = "seq_id: " + seq + " was answered and acknowledged";
      out.transmit(Messages.malformed(frame.getMsgId(), why).build());
    }
  }

  /** A client that cannot send a refused request again may go on after it. */
  private boolean skipsOnlyRefused(long seq) {
    return protocolLevel == LEVEL_GATESVR && seq - 1 <= refusedThrough;
  }

  private void onNew(ClientRequest frame, long nowNanos, SessionOutput out) {
    Refusal refusal = room.refusal(frame.getSerializedSize());
    if (refusal == null) {
      refusal = out.admit();
    }
    if (refusal != null) {
      refusedThrough = frame.getSeqId();
      if (ofOldWire()) {
        recorder.refusedThrough(refusedThrough);
      }
      out.refused(refusal.code());
      refuse(Messages.refusal(frame.getMsgId(), refusal), out);
      return;
    }
    recorder.accepted(frame);
    accepted(new PendingRequest(frame, nowNanos));
    if (owedRefusal != null && owedRefusal.getMsgId() == frame.getMsgId()) {
      // It runs now: one request must not be answered twice.
      owedRefusal = null;
    }
    startNext(nowNanos, out);
    pump(nowNanos, out);
  }

  /** Gives a request its place. */
  void accepted(PendingRequest request) {
    nextClientSeq = request.clientSeq() + 1;
    requests.add(request);
  }

  /**
   * The first refusal that a full connection did not take is kept, so that the client hears one.
   */
  private void refuse(ServerPush refusal, SessionOutput out) {
    if (!out.transmit(refusal) && owedRefusal == null) {
      owedRefusal = refusal;
    }
  }

  private void startNext(long nowNanos, SessionOutput out) {
    PendingRequest next = requests.startable();
    while (next != null && room.takesAnswer()) {
      requests.markRunning();
      BusinessRequest request = Messages.request(next.frame.getPayload());
      if (request != null) {
        out.execute(next.frame, request, next.receivedNanos);
        return;
      }
      out.refused(ErrorCode.MALFORMED);
      settle(
          next.clientSeq(),
          new Reply.Failure(
              ErrorCode.MALFORMED, "malformed request", "payload: no BusinessRequest", false),
          nowNanos,
          out);
      next = requests.startable();
    }
  }

  // ---------------------------------------------------------------- from the upstream

  /**
   * The running request ended. Its BEFORE pushes, its answer and its AFTER pushes follow one
   * another without anything between, and the next request starts.
   */
  public void onReply(long clientSeq, Reply reply, long nowNanos, SessionOutput out) {
    settle(clientSeq, reply, nowNanos, out);
    if (state != SessionState.ENDED) {
      startNext(nowNanos, out);
      pump(nowNanos, out);
    }
  }

  private void settle(long clientSeq, Reply reply, long nowNanos, SessionOutput out) {
    answer(requests.complete(clientSeq), reply, nowNanos, out);
  }

  private void answer(PendingRequest request, Reply reply, long nowNanos, SessionOutput out) {
    out.finished();
    if (state != SessionState.ENDED) {
      ServerPush.Builder message = Messages.answer(request.frame.getMsgId(), reply);
      ServerPush kept = keepAnswer(request, message, nowNanos);
      recorder.answered(request.clientSeq(), kept);
    }
  }

  /** An answer with what is bound to it, one after the other; returns it with its position. */
  ServerPush keepAnswer(PendingRequest request, ServerPush.Builder message, long nowNanos) {
    for (PendingRequest.BoundPush push : request.before()) {
      ring.append(push.message(), 0, push.delivery(), nowNanos);
    }
    ServerPush kept = ring.append(message, request.clientSeq(), Delivery.RELIABLE, nowNanos);
    for (PendingRequest.BoundPush push : request.after()) {
      ring.append(push.message(), 0, push.delivery(), nowNanos);
    }
    return kept;
  }

  /** Answers requests that waited too long for their turn; they certainly did not run. */
  private void expireWaiting(long nowNanos, SessionOutput out) {
    PendingRequest oldest = requests.oldestWaiting();
    while (oldest != null && nowNanos - oldest.receivedNanos >= limits.requestWaitNanos()) {
      requests.remove(oldest);
      out.refused(ErrorCode.UNAVAILABLE);
      answer(oldest, Messages.waitedTooLong(oldest.dispatched()), nowNanos, out);
      oldest = requests.oldestWaiting();
    }
  }

  /**
   * A push of the upstream.
   *
   * @param message everything but its position; owned by the session afterwards
   * @param delivery when, and what gives way when the session is full
   */
  public PushVerdict onPush(
      ServerPush.Builder message, Delivery delivery, long nowNanos, SessionOutput out) {
    int bytes = message.buildPartial().getSerializedSize() + Messages.POSITION_BYTES_MAX;
    if (state == SessionState.ENDED) {
      return PushVerdict.ENDED;
    }
    if (bytes > Limits.FRAME_BYTES_MAX) {
      return PushVerdict.TOO_LARGE;
    }
    room.dropAged(nowNanos);
    boolean bound =
        switch (delivery.hint()) {
          case NSH_BEFORE_RESPONSE, NSH_AFTER_RESPONSE -> true;
          case NSH_IMMEDIATELY, UNRECOGNIZED -> false;
        };
    PendingRequest request = bound ? requests.find(delivery.boundSeq()) : null;
    if (bound && request == null) {
      return PushVerdict.NOT_BOUND;
    }
    if ((request != null && request.boundCount() >= limits.boundNotifiesMax())
        || room.holdsAged(nowNanos)
        || !room.make(bytes, bound ? "" : delivery.key(), out.memoryFull())) {
      return PushVerdict.FULL;
    }
    if (request != null) {
      PendingRequest.BoundPush push = new PendingRequest.BoundPush(message, delivery);
      requests.bind(request, push, bytes);
      recorder.bound(request, push);
      return PushVerdict.BOUND;
    }
    recorder.appended(ring.append(message, 0, delivery, nowNanos), delivery);
    pump(nowNanos, out);
    return ring.allSent() && state == SessionState.ATTACHED
        ? PushVerdict.DELIVERED
        : PushVerdict.QUEUED;
  }

  private void pump(long nowNanos, SessionOutput out) {
    if (state != SessionState.ATTACHED) {
      return;
    }
    if (owedRefusal != null) {
      if (!out.transmit(owedRefusal)) {
        watch.blocks(nowNanos);
        return;
      }
      owedRefusal = null;
    }
    Slot next = ring.unsent();
    while (next != null && out.transmit(Messages.wire(next, protocolLevel))) {
      if (!ring.awaitsAck()) {
        watch.ackProgress(nowNanos);
      }
      watch.flows();
      ring.markSent();
      next = ring.unsent();
    }
    if (next == null) {
      watch.flows();
    } else {
      watch.blocks(nowNanos);
    }
  }

  // ---------------------------------------------------------------- the standby

  /** The standby has everything up to the position, which may leave now. */
  public void onReplicated(long seq, long nowNanos, SessionOutput out) {
    ring.release(seq);
    pump(nowNanos, out);
  }

  /**
   * The running request is about to be sent to an upstream.
   *
   * @param incarnation the upstream's process, 0 for one of the old wire
   */
  public void dispatched(long clientSeq, long incarnation) {
    PendingRequest request = requests.find(clientSeq);
    if (request != null) {
      request.dispatchedTo(incarnation);
      recorder.dispatched(clientSeq, incarnation);
    }
  }

  /** Where a request may have run before this process led; null when it certainly did not. */
  public @Nullable Long attempted(long clientSeq) {
    PendingRequest request = requests.find(clientSeq);
    return request != null && request.dispatched() ? request.incarnation() : null;
  }

  /**
   * A replica becomes the session. Whatever the primary may have sent counts as sent, and its
   * client has as long to come back as after a lost connection.
   *
   * @param newRecorder of the shard that owns it from now on
   * @param newEpoch the epoch it has; another one when the client may have seen what is not here
   */
  public void takeOver(Recorder newRecorder, long newEpoch, long nowNanos) {
    recorder = newRecorder;
    epoch = newEpoch;
    ring.recordTo(newRecorder);
    ring.everSent(ring.lastSeq());
    detachedAtNanos = nowNanos;
  }

  /** Starts what waits, for instance after {@link #takeOver}, once upstreams can be called. */
  public void resumeRequests(long nowNanos, SessionOutput out) {
    if (state != SessionState.ENDED) {
      startNext(nowNanos, out);
      pump(nowNanos, out);
    }
  }

  // ---------------------------------------------------------------- time

  /**
   * When {@link #onDeadline} should next be called, or {@link #NO_DEADLINE}. May move either way
   * with every other call; being called early is harmless.
   */
  public long nextDeadlineNanos() {
    if (state == SessionState.ENDED) {
      return NO_DEADLINE;
    }
    long next =
        state == SessionState.ATTACHED
            ? Math.min(watch.deadNanos(ring.awaitsAck()), watch.slowNanos())
            : detachedAtNanos + limits.times().sessionTimeoutNanos();
    PendingRequest waiting = requests.oldestWaiting();
    if (waiting != null) {
      next = Math.min(next, waiting.receivedNanos + limits.requestWaitNanos());
    }
    return Math.min(next, room.agesNanos());
  }

  /**
   * Does what is due: ends a session that was detached for too long, closes a connection that
   * acknowledges nothing, says nothing, or takes nothing, answers requests that waited too long,
   * and drops what is too old. Does nothing before {@link #nextDeadlineNanos}.
   */
  public void onDeadline(long nowNanos, SessionOutput out) {
    if (state == SessionState.ENDED) {
      return;
    }
    if (state == SessionState.DETACHED
        && nowNanos - detachedAtNanos >= limits.times().sessionTimeoutNanos()) {
      end(out);
      return;
    }
    expireWaiting(nowNanos, out);
    room.dropAged(nowNanos);
    pump(nowNanos, out);
    if (state != SessionState.ATTACHED) {
      return;
    }
    if (nowNanos >= watch.slowNanos()) {
      detach(nowNanos);
      out.close(CloseCode.SLOW_CONSUMER);
    } else if (nowNanos >= watch.deadNanos(ring.awaitsAck())) {
      detach(nowNanos);
      out.close(CloseCode.DEAD_PEER);
    }
  }

  // ---------------------------------------------------------------- what it is

  public SessionState state() {
    return state;
  }

  /** Names this history. */
  public long epoch() {
    return epoch;
  }

  /** The sequence that the next new request must carry. */
  public long nextClientSeq() {
    return nextClientSeq;
  }

  /** Newest position given out, 0 before the first. */
  public long lastSeq() {
    return ring.lastSeq();
  }

  /** Newest position handed to the current connection. */
  public long sentSeq() {
    return ring.sentSeq();
  }

  /** Newest position the client acknowledged. */
  public long ackedSeq() {
    return ring.ackedSeq();
  }

  /** Oldest position that can be sent again, 0 when nothing is kept. */
  public long oldestSeq() {
    return ring.size() == 0 ? 0 : ring.ackedSeq() + 1;
  }

  /** The number of the newest resume token. */
  public long issuedToken() {
    return tokens.issued();
  }

  /** True when a resume token with the number resumes this session. */
  public boolean acceptsToken(long token) {
    return state != SessionState.ENDED && tokens.good(token);
  }

  /** True when its client speaks GateSvr's wire and has no resume token. */
  boolean ofOldWire() {
    return protocolLevel == LEVEL_GATESVR;
  }

  /** The client's {@code protocol_level}. */
  public int protocolLevel() {
    return protocolLevel;
  }

  /** Every request up to here is answered. */
  public long settledClientSeq() {
    return requests.oldestSeq(nextClientSeq) - 1;
  }

  /** Messages kept for sending or replay. */
  public int queuedMessages() {
    return ring.size();
  }

  /** Their serialized bytes. */
  public long queuedBytes() {
    return ring.bytes();
  }

  /** Requests accepted and not yet answered. */
  public int outstandingRequests() {
    return requests.size();
  }

  /** Where the bytes of a push go, shared by every receiver of the same push. */
  public static ServerPush.Builder push(ByteString payload) {
    return Messages.push(payload);
  }
}
