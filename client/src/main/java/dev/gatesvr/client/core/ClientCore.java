package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.transport.CloseReason;
import java.util.function.DoubleSupplier;

/**
 * One player's side of a session: connects, starts, numbers and repeats requests, hands what
 * arrives to the application once and in order, acknowledges what was handled, and comes back after
 * a loss.
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

  private final ClientSettings settings;
  private final ClientOutput out;
  private final Frames frames;
  private final Backoff backoff;
  private final HeartbeatClock heartbeat;
  private final InboundHistory history;
  private final Feed feed;
  private final RequestWindow window;
  private final Downlink downlink;
  private final Uplink uplink;

  private ClientState state = ClientState.IDLE;

  /** End of the current wait: for a connection, for START's answer, for the next attempt. */
  private long phaseEndNanos;

  private long readySinceNanos;
  private long startPosition;
  private long epoch;
  private long attaches;

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
    ClientSettings.Bounds bounds = settings.bounds();
    this.settings = settings;
    this.out = out;
    this.frames = new Frames(player.openid(), player.token());
    this.backoff = new Backoff(settings.reconnect(), addressCount, jitter);
    this.heartbeat = new HeartbeatClock(settings.timers(), jitter);
    this.history = new InboundHistory(settings.timers().ackNanos(), bounds.ackEvery());
    this.feed = new Feed(out, bounds.inboundMax());
    this.window = new RequestWindow(bounds.outstandingMax(), this::onEnded);
    this.downlink = new Downlink(feed, history, window, heartbeat);
    this.uplink = new Uplink(out, frames, history, window, unixOffsetMillis);
  }

  private void onEnded(Call call, Outcome outcome) {
    feed.deliver(new Inbound.Ended(Inbound.Position.NONE, call, outcome));
  }

  // ---------------------------------------------------------------- from the application

  /** Sends a request as soon as that is possible; it ends exactly once. */
  public void request(Call call, long nowNanos) {
    if (state == ClientState.CLOSED) {
      onEnded(call, new Outcome.Failed(Outcome.Failure.CLOSED, false));
    } else {
      window.add(call);
      pump(nowNanos);
    }
  }

  /**
   * The application returned from things it was given.
   *
   * @param count how many since the last report
   * @param position of the newest of them that has one, else {@link Inbound.Position#NONE}
   */
  public void onHandled(int count, Inbound.Position position, long nowNanos) {
    feed.handled(count);
    history.onHandled(position, nowNanos);
    onTime(nowNanos);
  }

  /** Leaves the gateway without ending the session, until {@link #resume}. */
  public void suspend(long nowNanos) {
    if (state == ClientState.CLOSED || state == ClientState.SUSPENDED) {
      return;
    }
    if (state == ClientState.READY) {
      uplink.acknowledge();
    }
    out.hangUp(CloseCode.NORMAL);
    forgetConnection();
    enter(ClientState.SUSPENDED, "suspended by the application");
    window.expire(nowNanos);
  }

  /** Starts to connect; from now on the client keeps itself connected. */
  public void connect(long nowNanos) {
    dial(nowNanos);
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
      uplink.acknowledge();
      uplink.send(frames.stop(reason));
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
    boolean taken = uplink.send(frames.start(epoch, startPosition));
    if (!taken && !uplink.blocked()) {
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
      Downlink.Breach breach = downlink.onMessage(push, nowNanos);
      if (breach != null) {
        abort(breach.code(), breach.detail(), nowNanos);
      }
    }
    pump(nowNanos);
  }

  /** The connection takes messages again. */
  public void onWritable(long nowNanos) {
    boolean startWaits = uplink.blocked() && state == ClientState.STARTING;
    uplink.unblock();
    if (startWaits) {
      start();
    }
    pump(nowNanos);
  }

  // ---------------------------------------------------------------- starting

  private void onFirst(ServerPush push, long nowNanos) {
    StartResponse response = Frames.startResponse(push);
    if (response.getSuccess()) {
      onStarted(response, nowNanos);
    } else {
      onStartRefused(response.getError(), nowNanos);
    }
  }

  private void onStarted(StartResponse response, long nowNanos) {
    attaches++;
    readySinceNanos = nowNanos;
    enter(ClientState.READY, "");
    heartbeat.start(response.getHeartbeatInterval(), nowNanos);
    attach(response, nowNanos);
    feed.attached();
  }

  private void attach(StartResponse response, long nowNanos) {
    Continuity continuity = Continuity.of(response, epoch, startPosition);
    epoch = response.getEpoch();
    downlink.attached(Continuity.isExtended(response));
    if (attaches > 1) {
      feed.deliver(new Inbound.Resumed(continuity != Continuity.LOST));
    }
    long expectedSeq = response.getNextClientSeqId();
    switch (continuity) {
      case KEPT -> {
        history.resumed(startPosition, nowNanos);
        window.resumed(expectedSeq == 0 ? window.nextSeq() : expectedSeq);
      }
      case ASSUMED -> {
        history.resumed(startPosition, nowNanos);
        window.resumedBlindly();
      }
      case LOST -> {
        history.restarted();
        window.restarted(Math.max(1, expectedSeq));
      }
    }
  }

  private void onStartRefused(ErrorMessage error, long nowNanos) {
    String detail = error.getErrorCode() + " " + error.getErrorMessage();
    switch (StartRefusal.of(error)) {
      case StartRefusal.Forget forget -> {
        epoch = 0;
        history.restarted();
        abort(CloseCode.NORMAL, detail, nowNanos);
      }
      case StartRefusal.Later later -> {
        out.hangUp(CloseCode.NORMAL);
        lose(new CloseReason(CloseCode.OVERLOADED, true, detail), later.afterNanos(), nowNanos);
      }
      case StartRefusal.Never never -> finish(new CloseReason(never.code(), true, detail));
    }
  }

  // ---------------------------------------------------------------- time

  /** Does what is due; nothing before {@link #nextDeadlineNanos}. */
  public void onTime(long nowNanos) {
    window.expire(nowNanos);
    switch (state) {
      case CONNECTING, STARTING -> {
        if (nowNanos >= phaseEndNanos) {
          abort(CloseCode.NORMAL, "too slow: " + state, nowNanos);
        }
      }
      case BACKOFF -> {
        if (nowNanos >= phaseEndNanos && !feed.full()) {
          dial(nowNanos);
        }
      }
      case READY -> {
        if (nowNanos >= heartbeat.nextNanos()) {
          onHeartbeatDue(nowNanos);
        }
        pump(nowNanos);
      }
      case IDLE, SUSPENDED, CLOSED -> {}
    }
  }

  private void onHeartbeatDue(long nowNanos) {
    if (heartbeat.misses() >= settings.bounds().heartbeatMissesMax() && !feed.paused()) {
      abort(CloseCode.DEAD_PEER, "no answer to " + heartbeat.misses() + " heartbeats", nowNanos);
    } else {
      uplink.beat(heartbeat, nowNanos);
    }
  }

  private void pump(long nowNanos) {
    if (state == ClientState.READY) {
      uplink.pump(nowNanos);
    }
  }

  /** When {@link #onTime} must be called, or {@link #NEVER}. Moves with every other call. */
  public long nextDeadlineNanos() {
    long next = window.deadlineNanos();
    switch (state) {
      case CONNECTING, STARTING -> next = Math.min(next, phaseEndNanos);
      case BACKOFF -> next = feed.full() ? next : Math.min(next, phaseEndNanos);
      case READY -> {
        next = Math.min(next, Math.min(heartbeat.nextNanos(), uplink.nextDeadlineNanos()));
      }
      case IDLE, SUSPENDED, CLOSED -> {}
    }
    return next;
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
      String why = "gave up after " + backoff.attempts() + " attempts: " + reason.detail();
      finish(new CloseReason(reason.code(), reason.byPeer(), why));
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
    out.hangUp(CloseCode.NORMAL);
    forgetConnection();
    enter(ClientState.CLOSED, reason.code() + ": " + reason.detail());
    window.close(Outcome.Failure.CLOSED);
    feed.deliver(new Inbound.Closed(reason));
  }

  private void forgetConnection() {
    heartbeat.stop();
    uplink.unblock();
    feed.detached();
  }

  private void enter(ClientState next, String why) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("from " + state + " to " + next);
    }
    state = next;
    feed.deliver(new Inbound.StateChanged(next, why));
  }

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
        uplink.requestsSent(),
        window.outstanding(),
        window.size() - window.outstanding(),
        downlink.received(),
        downlink.duplicates(),
        uplink.acksSent(),
        history.acked(),
        feed.waiting());
  }
}
