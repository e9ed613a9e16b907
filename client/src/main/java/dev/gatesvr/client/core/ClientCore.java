package dev.gatesvr.client.core;

import dev.gatesvr.client.core.InboundHistory.Verdict;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.SendResult;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * One player's side of a session: connects, starts, numbers and repeats requests, hands what arrives
 * to the application once and in order, acknowledges what was handled, and comes back after a loss.
 *
 * <pre>
 *  IDLE        → CONNECTING   connect()
 *  CONNECTING  → STARTING     connected; START leaves with the newest handled position
 *              → BACKOFF      refused, unreachable, or too slow
 *  STARTING    → READY        START was accepted
 *              → BACKOFF      lost, too slow, or refused for now
 *              → CLOSED       refused for good
 *  READY       → BACKOFF      lost, silent, or closed by the gateway with a code that says reconnect
 *              → CLOSED       closed by the gateway with a terminal code, such as REPLACED
 *  BACKOFF     → CONNECTING   the wait is over, or resume()
 *              → CLOSED       too many attempts in a row
 *  any of these → SUSPENDED   suspend()
 *  SUSPENDED   → CONNECTING   resume()
 *  any but CLOSED → CLOSED    close()
 * </pre>
 *
 * <p>Not thread-safe; confined to its loop. Time is monotonic nanoseconds, any origin. After every
 * call the edge arms a timer for {@link #nextDeadlineNanos}.
 */
public final class ClientCore {
  /** What {@link #nextDeadlineNanos} answers when nothing is due. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final Map<ClientState, EnumSet<ClientState>> ARROWS = arrows();

  private final ClientSettings settings;
  private final ClientOutput out;
  private final Frames frames;
  private final Backoff backoff;
  private final HeartbeatClock heartbeat;
  private final InboundHistory history;
  private final RequestWindow window;
  private final long unixOffsetMillis;

  private ClientState state = ClientState.IDLE;

  /** End of the current wait: for a connection, for START's answer, for the next attempt. */
  private long phaseEndNanos;

  private long readySinceNanos;
  private long startPosition;
  private long epoch;
  private boolean extendedGateway;
  private boolean blocked;
  private boolean paused;
  private int inboundWaiting;
  private long attaches;
  private long requestsSent;
  private long pushesReceived;
  private long duplicatesDropped;
  private long acksSent;

  /**
   * @param addressCount how many gateways can be dialled
   * @param jitter uniform in [0, 1), new with every call
   * @param unixOffsetMillis what to add to a time in milliseconds to make it Unix time
   */
  public ClientCore(
      Player player,
      ClientSettings settings,
      int addressCount,
      DoubleSupplier jitter,
      long unixOffsetMillis,
      ClientOutput out) {
    this.settings = settings;
    this.out = out;
    this.unixOffsetMillis = unixOffsetMillis;
    this.frames = new Frames(player.openid(), player.token());
    this.backoff = new Backoff(settings.reconnect(), addressCount, jitter);
    this.heartbeat = new HeartbeatClock(jitter);
    this.history =
        new InboundHistory(settings.timers().ackNanos(), settings.bounds().ackEvery());
    this.window =
        new RequestWindow(
            settings.bounds().outstandingMax(),
            (call, outcome) -> deliver(new Inbound.Ended(Inbound.Position.NONE, call, outcome)));
  }

  /** Who plays. */
  public record Player(String openid, String token) {}

  private static Map<ClientState, EnumSet<ClientState>> arrows() {
    Map<ClientState, EnumSet<ClientState>> arrows = new EnumMap<>(ClientState.class);
    ClientState suspended = ClientState.SUSPENDED;
    ClientState closed = ClientState.CLOSED;
    ClientState connecting = ClientState.CONNECTING;
    ClientState backoff = ClientState.BACKOFF;
    arrows.put(ClientState.IDLE, EnumSet.of(connecting, suspended, closed));
    arrows.put(connecting, EnumSet.of(ClientState.STARTING, backoff, suspended, closed));
    arrows.put(ClientState.STARTING, EnumSet.of(ClientState.READY, backoff, suspended, closed));
    arrows.put(ClientState.READY, EnumSet.of(backoff, suspended, closed));
    arrows.put(backoff, EnumSet.of(connecting, suspended, closed));
    arrows.put(suspended, EnumSet.of(connecting, closed));
    arrows.put(closed, EnumSet.noneOf(ClientState.class));
    return arrows;
  }

  // ---------------------------------------------------------------- from the application

  /** Starts to connect; from now on the client keeps itself connected. */
  public void connect(long nowNanos) {
    dial(nowNanos);
  }

  /** Sends a request as soon as that is possible; it ends exactly once. */
  public void request(Call call, long nowNanos) {
    if (state == ClientState.CLOSED) {
      deliver(
          new Inbound.Ended(
              Inbound.Position.NONE, call, new Outcome.Failed(Outcome.Failure.CLOSED, false)));
      return;
    }
    window.add(call);
    pump(nowNanos);
  }

  /**
   * The application returned from things it was given.
   *
   * @param count how many since the last report
   * @param position of the newest of them that has one, else {@link Inbound.Position#NONE}
   */
  public void onHandled(int count, Inbound.Position position, long nowNanos) {
    inboundWaiting -= count;
    history.onHandled(position, nowNanos);
    if (paused && inboundWaiting <= settings.bounds().inboundMax() / 2) {
      paused = false;
      out.reading(true);
    }
    onTime(nowNanos);
  }

  /** Leaves the gateway without ending the session, until {@link #resume}. */
  public void suspend(long nowNanos) {
    if (state == ClientState.CLOSED || state == ClientState.SUSPENDED) {
      return;
    }
    acknowledge();
    leave(CloseCode.NORMAL);
    enter(ClientState.SUSPENDED, "suspended by the application");
    window.expire(nowNanos);
  }

  /** Connects at once, when suspended or waiting for the next attempt; else does nothing. */
  public void resume(long nowNanos) {
    if (state == ClientState.SUSPENDED || state == ClientState.BACKOFF) {
      dial(nowNanos);
    }
  }

  /** Ends the session and the client. Requests without an answer fail. */
  public void close(StopRequest.Reason reason) {
    if (state == ClientState.CLOSED) {
      return;
    }
    if (state == ClientState.READY) {
      acknowledge();
      out.send(frames.stop(reason));
    }
    finish(new CloseReason(CloseCode.NORMAL, false, "closed by the application"));
  }

  // ---------------------------------------------------------------- from the connection

  /** What was dialled is there. */
  public void onConnected(long nowNanos) {
    enter(ClientState.STARTING, "");
    phaseEndNanos = nowNanos + settings.timers().startNanos();
    start();
  }

  private void start() {
    startPosition = history.handled();
    SendResult result = out.send(frames.start(epoch, startPosition));
    blocked = result == SendResult.BACKPRESSURED;
    if (result == SendResult.TOO_LARGE) {
      finish(new CloseReason(CloseCode.FRAME_TOO_LARGE, false, "START does not fit a frame"));
    }
  }

  /** The connection ended, or the attempt failed. */
  public void onDisconnected(CloseReason reason, long nowNanos) {
    lose(reason, 0, nowNanos);
  }

  /** One message of the gateway. */
  public void onFrame(ServerPush push, long nowNanos) {
    heartbeat.heard();
    if (state == ClientState.STARTING) {
      onFirst(push, nowNanos);
    } else if (state == ClientState.READY) {
      onMessage(push, nowNanos);
    }
    pump(nowNanos);
  }

  /** The connection takes messages again. */
  public void onWritable(long nowNanos) {
    boolean startWaits = blocked && state == ClientState.STARTING;
    blocked = false;
    if (startWaits) {
      start();
    }
    pump(nowNanos);
  }

  // ---------------------------------------------------------------- starting

  private void onFirst(ServerPush push, long nowNanos) {
    switch (push.getType()) {
      case PUSH_START_RESP -> {
        StartResponse response = Frames.startResponse(push);
        if (response.getSuccess()) {
          onStarted(response, nowNanos);
        } else {
          onStartRefused(response.getError(), nowNanos);
        }
      }
      case PUSH_ERROR -> onStartRefused(Frames.error(push), nowNanos);
      default ->
          abort(CloseCode.MALFORMED, "answer to START: " + push.getType(), nowNanos);
    }
  }

  private void onStarted(StartResponse response, long nowNanos) {
    attaches++;
    readySinceNanos = nowNanos;
    extendedGateway =
        response.getResumed() || response.getEpoch() != 0 || response.getNextClientSeqId() != 0;
    enter(ClientState.READY, "");
    int seconds = response.getHeartbeatInterval();
    boolean suggested = seconds > 0 && !settings.timers().heartbeatFixed();
    heartbeat.start(
        suggested ? TimeUnit.SECONDS.toNanos(seconds) : settings.timers().heartbeatNanos(),
        nowNanos);
    attach(response, nowNanos);
    if (inboundWaiting >= settings.bounds().inboundMax()) {
      pause();
    }
  }

  private void attach(StartResponse response, long nowNanos) {
    boolean again = attaches > 1;
    boolean sameEpoch = epoch == response.getEpoch();
    epoch = response.getEpoch();
    if (again && response.getResumed() && sameEpoch) {
      deliver(new Inbound.Resumed(true));
      history.resumed(startPosition, nowNanos);
      long expected = response.getNextClientSeqId();
      window.resumed(expected == 0 ? window.nextSeq() : expected);
    } else if (again && !extendedGateway && startPosition > 0) {
      // GateSvr's own wire: the first position that follows shows whether the history went on.
      deliver(new Inbound.Resumed(true));
      history.resumed(startPosition, nowNanos);
      window.resumedBlindly();
    } else {
      if (again) {
        deliver(new Inbound.Resumed(false));
      }
      history.restarted();
      window.restarted(Math.max(1, response.getNextClientSeqId()));
    }
  }

  private void onStartRefused(ErrorMessage error, long nowNanos) {
    String detail = error.getErrorCode() + " " + error.getErrorMessage();
    switch (error.getErrorCode()) {
      case ErrorCode.POSITION_GONE -> {
        epoch = 0;
        history.restarted();
        abort(CloseCode.NORMAL, detail, nowNanos);
      }
      case ErrorCode.RATE_LIMITED,
          ErrorCode.UPSTREAM_FAILED,
          ErrorCode.UNAVAILABLE,
          ErrorCode.UPSTREAM_DEADLINE -> {
        long afterNanos = TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs());
        out.hangUp(CloseCode.NORMAL);
        lose(new CloseReason(CloseCode.OVERLOADED, true, detail), afterNanos, nowNanos);
      }
      default -> {
        CloseCode code = CloseCode.ofWire(error.getErrorCode());
        boolean known = code != CloseCode.CONNECTION_LOST && !code.reconnect();
        finish(new CloseReason(known ? code : CloseCode.UNAUTHENTICATED, true, detail));
      }
    }
  }

  // ---------------------------------------------------------------- messages

  private void onMessage(ServerPush push, long nowNanos) {
    Inbound.Position position = Inbound.Position.NONE;
    if (push.getSeqId() != 0) {
      Verdict verdict = history.onSeq(push.getSeqId(), nowNanos);
      switch (verdict) {
        case DUPLICATE -> {
          duplicatesDropped++;
          return;
        }
        case GAP -> {
          abort(CloseCode.MALFORMED, "gap before seq_id " + push.getSeqId(), nowNanos);
          return;
        }
        case NEW_HISTORY -> deliver(new Inbound.Resumed(false));
        case NEXT -> {}
      }
      pushesReceived++;
      position = history.position(push.getSeqId());
    }
    dispatch(push, position, nowNanos);
  }

  private void dispatch(ServerPush push, Inbound.Position position, long nowNanos) {
    switch (push.getType()) {
      case PUSH_BUSINESS_DATA -> {
        if (push.getMsgId() == 0) {
          deliver(new Inbound.Pushed(position, push));
        } else {
          settle(
              push.getMsgId(),
              new Outcome.Answered(push.getSeqId(), push.getPayload(), push.getHeadersMap()),
              position);
        }
      }
      case PUSH_ERROR -> onError(push, Frames.error(push), position, nowNanos);
      case PUSH_HEARTBEAT_RESP -> {
        heartbeat.answered(push.getMsgId(), nowNanos);
        skip(position);
      }
      default -> skip(position);
    }
  }

  private void onError(
      ServerPush push, ErrorMessage error, Inbound.Position position, long nowNanos) {
    int msgId = push.getMsgId();
    if (msgId == 0) {
      deliver(new Inbound.Complained(position, error));
    } else if (error.getRetrySameSeq()) {
      window.refused(msgId, TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs()), nowNanos);
      skip(position);
    } else {
      boolean outOfStep =
          settle(msgId, new Outcome.Refused(error), position)
              && extendedGateway
              && position.seq() == 0
              && error.getErrorCode() == ErrorCode.MALFORMED;
      if (outOfStep) {
        // The sequence was not consumed; the next start exchange says where the gateway stands.
        abort(CloseCode.NORMAL, error.getDetail(), nowNanos);
      }
    }
  }

  /** Hands an outcome to whoever waits; returns false when nobody does. */
  private boolean settle(int msgId, Outcome outcome, Inbound.Position position) {
    Call call = window.settle(msgId);
    if (call == null) {
      skip(position);
      return false;
    }
    deliver(new Inbound.Ended(position, call, outcome));
    return true;
  }

  private void skip(Inbound.Position position) {
    if (position.seq() != 0) {
      deliver(new Inbound.Skipped(position));
    }
  }

  private void deliver(Inbound inbound) {
    inboundWaiting++;
    out.deliver(inbound);
    if (state == ClientState.READY && inboundWaiting >= settings.bounds().inboundMax()) {
      pause();
    }
  }

  private void pause() {
    if (!paused) {
      paused = true;
      out.reading(false);
    }
  }

  // ---------------------------------------------------------------- sending

  private void pump(long nowNanos) {
    if (state != ClientState.READY || blocked) {
      return;
    }
    if (nowNanos >= history.ackDueNanos()) {
      acknowledge();
    }
    Call call = window.toSend(nowNanos);
    while (call != null && !blocked) {
      if (call.msgId == 0) {
        call.msgId = frames.nextMsgId();
      }
      switch (out.send(frames.business(call))) {
        case SENT -> {
          requestsSent++;
          window.sent();
        }
        case TOO_LARGE -> window.tooLarge();
        case BACKPRESSURED, CLOSED -> blocked = true;
      }
      call = window.toSend(nowNanos);
    }
  }

  private void acknowledge() {
    long seq = history.handled();
    if (state != ClientState.READY || !history.ackPending()) {
      return;
    }
    if (out.send(frames.ack(seq)) == SendResult.SENT) {
      acksSent++;
      history.ackSent(seq);
    } else {
      blocked = true;
    }
  }

  private void beat(long nowNanos) {
    if (heartbeat.misses() >= settings.bounds().heartbeatMissesMax() && !paused) {
      abort(CloseCode.DEAD_PEER, "no answer to " + heartbeat.misses() + " heartbeats", nowNanos);
      return;
    }
    int msgId = frames.nextMsgId();
    long unixMillis = unixOffsetMillis + TimeUnit.NANOSECONDS.toMillis(nowNanos);
    boolean sent = !blocked && out.send(frames.heartbeat(msgId, unixMillis)) == SendResult.SENT;
    heartbeat.beat(sent ? msgId : 0, nowNanos);
  }

  // ---------------------------------------------------------------- time

  /** Does what is due; nothing before {@link #nextDeadlineNanos}. */
  public void onTime(long nowNanos) {
    window.expire(nowNanos);
    switch (state) {
      case CONNECTING -> {
        if (nowNanos >= phaseEndNanos) {
          abort(CloseCode.NORMAL, "no connection in time", nowNanos);
        }
      }
      case STARTING -> {
        if (nowNanos >= phaseEndNanos) {
          abort(CloseCode.NORMAL, "no answer to START in time", nowNanos);
        }
      }
      case BACKOFF -> {
        if (nowNanos >= phaseEndNanos && mayDial()) {
          dial(nowNanos);
        }
      }
      case READY -> {
        if (nowNanos >= heartbeat.nextNanos()) {
          beat(nowNanos);
        }
        pump(nowNanos);
      }
      case IDLE, SUSPENDED, CLOSED -> {}
    }
  }

  /** When {@link #onTime} must be called, or {@link #NEVER}. Moves with every other call. */
  public long nextDeadlineNanos() {
    long next = window.deadlineNanos();
    switch (state) {
      case CONNECTING, STARTING -> next = Math.min(next, phaseEndNanos);
      case BACKOFF -> next = mayDial() ? Math.min(next, phaseEndNanos) : next;
      case READY -> {
        next = Math.min(next, heartbeat.nextNanos());
        if (!blocked) {
          next = Math.min(next, history.ackDueNanos());
          next = window.sendable() ? Math.min(next, window.holdUntilNanos()) : next;
        }
      }
      case IDLE, SUSPENDED, CLOSED -> {}
    }
    return next;
  }

  /** An application that does not take what it was given gets no more, so that memory is bounded. */
  private boolean mayDial() {
    return inboundWaiting < settings.bounds().inboundMax();
  }

  // ---------------------------------------------------------------- states

  private void dial(long nowNanos) {
    enter(ClientState.CONNECTING, "");
    backoff.attempt();
    phaseEndNanos = nowNanos + settings.timers().connectNanos();
    out.dial(backoff.address());
  }

  /** Ends the connection for a reason of this side, and comes back. */
  private void abort(CloseCode code, String detail, long nowNanos) {
    out.hangUp(code);
    lose(new CloseReason(CloseCode.CONNECTION_LOST, false, detail), 0, nowNanos);
  }

  private void lose(CloseReason reason, long retryAfterNanos, long nowNanos) {
    boolean wasReady = state == ClientState.READY;
    if (reason.byPeer() && !reason.code().reconnect()) {
      finish(reason);
      return;
    }
    if (wasReady && nowNanos - readySinceNanos >= settings.reconnect().stableNanos()) {
      backoff.succeeded();
    }
    if (backoff.exhausted()) {
      String detail = "gave up after " + backoff.attempts() + " attempts: " + reason.detail();
      finish(new CloseReason(reason.code(), reason.byPeer(), detail));
      return;
    }
    if (!wasReady || reason.code() != CloseCode.CONNECTION_LOST) {
      backoff.nextAddress();
    }
    forgetConnection();
    phaseEndNanos = nowNanos + backoff.delayNanos(retryAfterNanos);
    enter(ClientState.BACKOFF, reason.code() + ": " + reason.detail());
  }

  private void finish(CloseReason reason) {
    leave(CloseCode.NORMAL);
    enter(ClientState.CLOSED, reason.code() + ": " + reason.detail());
    window.close(Outcome.Failure.CLOSED);
    deliver(new Inbound.Closed(reason));
  }

  private void leave(CloseCode code) {
    out.hangUp(code);
    forgetConnection();
  }

  private void forgetConnection() {
    heartbeat.stop();
    blocked = false;
    paused = false;
  }

  private void enter(ClientState next, String why) {
    EnumSet<ClientState> allowed = ARROWS.get(state);
    if (allowed == null || !allowed.contains(next)) {
      throw new IllegalStateException("from " + state + " to " + next);
    }
    state = next;
    deliver(new Inbound.StateChanged(next, why));
  }

  // ---------------------------------------------------------------- what it is

  public ClientState state() {
    return state;
  }

  /** Smoothed round-trip time of heartbeats, 0 before the first answer. */
  public long rttNanos() {
    return heartbeat.rttNanos();
  }

  /** True while something was handled and its acknowledgement has not left. */
  boolean hasUnacknowledged() {
    return history.ackPending();
  }

  /** Everything countable. */
  public ClientStats stats() {
    return new ClientStats(
        state,
        heartbeat.rttNanos(),
        attaches,
        requestsSent,
        window.outstanding(),
        window.size() - window.outstanding(),
        pushesReceived,
        duplicatesDropped,
        acksSent,
        history.acked(),
        inboundWaiting);
  }
}
