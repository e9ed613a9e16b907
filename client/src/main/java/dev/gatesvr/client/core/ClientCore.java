package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.transport.CloseReason;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * One player's side of a session: connects, starts, numbers and repeats requests, hands what
 * arrives to the application once and in order, acknowledges what was handled, and comes back after
 * a loss.
 *
 * <pre>
 *  IDLE        → CONNECTING   connect()
 *  CONNECTING  → STARTING     connected; START leaves with the resume token and the newest handled
 *                             position, or as a login
 *              → BACKOFF      refused, unreachable, or too slow
 *  STARTING    → STARTING     the resume token was refused: a login follows on the same connection
 *              → READY        START was accepted
 *              → BACKOFF      lost, too slow, refused for now, sent away, or no login token
 *              → CLOSED       refused for good, or kicked
 *  READY       → BACKOFF      lost, silent, sent away, or closed by the gateway with a code that says
 *                             reconnect, such as REATTACHED
 *              → CLOSED       kicked, or closed by the gateway with a terminal code
 *  BACKOFF     → CONNECTING   the wait is over, or resume()
 *              → CLOSED       too many attempts in a row
 *  any of these → SUSPENDED   suspend()
 *  SUSPENDED   → CONNECTING   resume()
 *  any but CLOSED → CLOSED    close()
 *  CONNECTING, STARTING, READY, BACKOFF → READY   START was accepted on the second connection, which
 *                             takes the place of the first one ({@link WarmLink})
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
  private final StartExchange exchange;
  private final Comeback comeback;
  private final Feed feed;
  private final RequestWindow window;
  private final Uplink uplink;
  private final ClientSession session;
  private final WarmLink warm;

  private ClientState state = ClientState.IDLE;

  /** End of the current wait: for a connection, for START's answer, for the next attempt. */
  private long phaseEndNanos;

  /**
   * @param gateways where to connect, at least one
   * @param jitter uniform in [0, 1), new with every call
   * @param unixOffsetMillis what to add to a time in milliseconds to make it Unix time
   */
  public ClientCore(
      Player player,
      ClientSettings settings,
      List<ServerAddress> gateways,
      DoubleSupplier jitter,
      long unixOffsetMillis,
      ClientOutput out) {
    this.settings = settings;
    this.out = out;
    this.frames = new Frames(player.openid());
    this.comeback = new Comeback(settings, gateways, jitter);
    ClientSettings.Bounds bounds = settings.bounds();
    InboundHistory history = new InboundHistory(settings.timers().ackNanos(), bounds.ackEvery());
    HeartbeatClock heartbeat = new HeartbeatClock(settings.timers(), jitter);
    this.exchange = new StartExchange(player, history);
    this.feed = new Feed(out, bounds.inboundMax());
    this.window = new RequestWindow(bounds.outstandingMax(), this::onEnded);
    this.uplink = new Uplink(out, frames, history, window, unixOffsetMillis);
    this.session = new ClientSession(settings, history, feed, uplink, window, heartbeat);
    this.warm = new WarmLink(settings, exchange, frames, out, jitter, new Takeover());
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
    session.onHandled(count, position, nowNanos);
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
    warm.stop();
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
    exchange.begin();
    phaseEndNanos = nowNanos + settings.timers().startNanos();
    start();
  }

  private void start() {
    if (exchange.needsLoginToken()) {
      out.askToken();
      return;
    }
    boolean taken = uplink.send(frames.start(exchange.request()));
    if (!taken && !uplink.blocked()) {
      finish(new CloseReason(CloseCode.FRAME_TOO_LARGE, false, "START does not fit a frame"));
    }
  }

  /** The application's answer to {@link ClientOutput#askToken} on this connection. */
  public void onToken(String token) {
    if (state == ClientState.STARTING && exchange.needsLoginToken()) {
      exchange.onLoginToken(token);
      start();
    }
  }

  /** The application has no answer to {@link ClientOutput#askToken}: tries again later. */
  public void onTokenFailed(String why, long nowNanos) {
    if (state == ClientState.STARTING && exchange.needsLoginToken()) {
      abort(CloseCode.NORMAL, "no login token: " + why, nowNanos);
    }
  }

  /** The connection ended, or the attempt failed. */
  public void onDisconnected(CloseReason reason, long nowNanos) {
    lose(reason, 0, nowNanos);
  }

  /** One message of the gateway. */
  public void onFrame(ServerPush push, long nowNanos) {
    session.heard();
    boolean starting = state == ClientState.STARTING;
    if (starting || state == ClientState.READY) {
      switch (push.getType()) {
        case PUSH_KICKED -> onKicked(Frames.kicked(push));
        case PUSH_GO_AWAY -> onSentAway(Departure.of(push), nowNanos);
        default -> {
          if (starting) {
            onFirst(push, nowNanos);
          } else {
            onMessage(push, nowNanos);
          }
        }
      }
    }
    pump(nowNanos);
  }

  private void onMessage(ServerPush push, long nowNanos) {
    if (push.getType() == PushType.PUSH_HEARTBEAT_RESP) {
      exchange.onHeartbeat(Frames.heartbeatResponse(push).getResumeToken());
    }
    Downlink.Breach breach = session.onMessage(push, nowNanos);
    if (breach != null) {
      abort(breach.code(), breach.detail(), nowNanos);
    }
  }

  private void onKicked(Inbound.KickedOut kicked) {
    session.tellLoss();
    feed.deliver(kicked);
    CloseCode code =
        kicked.reason() == Kicked.Reason.REPLACED ? CloseCode.REPLACED : CloseCode.KICKED;
    finish(new CloseReason(code, true, kicked.detail()));
  }

  private void onSentAway(Departure departure, long nowNanos) {
    session.tellLoss();
    feed.deliver(new Inbound.SentAway(departure.addresses(), departure.waitNanos()));
    comeback.sentAway(departure, nowNanos);
    warm.sentTo(departure.addresses());
    if (state == ClientState.STARTING) {
      leave("sent away by the gateway", nowNanos);
    }
  }

  /** Follows the gateway's request to go; what was handled is acknowledged first. */
  private void leave(String why, long nowNanos) {
    if (state == ClientState.READY) {
      uplink.acknowledge();
    }
    out.hangUp(CloseCode.NORMAL);
    lose(new CloseReason(CloseCode.GOING_AWAY, true, why), 0, nowNanos);
    dialIfDue(nowNanos);
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
    boolean unasked = push.getType() == PushType.PUSH_ERROR && exchange.needsLoginToken();
    if (unasked || push.getType() == PushType.UNRECOGNIZED) {
      // A complaint before START was sent: the close code that follows says what to do.
      return;
    }
    StartResponse response = Frames.startResponse(push);
    if (response.getSuccess()) {
      onStarted(response, nowNanos);
    } else {
      onStartRefused(response, nowNanos);
    }
  }

  private void onStarted(StartResponse response, long nowNanos) {
    enter(ClientState.READY, "");
    attach(comeback.dialled(), exchange.onAccepted(response), response, nowNanos);
  }

  private void attach(
      ServerAddress at, StartExchange.Accepted accepted, StartResponse response, long nowNanos) {
    if (comeback.attached(at, response, nowNanos)) {
      feed.deliver(new Inbound.FailedOver(at));
    }
    session.attached(accepted, response, nowNanos);
    warm.attached(comeback.standbys(), nowNanos);
  }

  private void onStartRefused(StartResponse response, long nowNanos) {
    ErrorMessage error = response.getError();
    String detail = error.getErrorCode() + " " + error.getErrorMessage();
    switch (StartRefusal.of(response, exchange.resuming())) {
      case StartRefusal.Login login -> {
        exchange.onTokenRefused();
        start();
      }
      case StartRefusal.Forget forget -> {
        exchange.forget();
        abort(CloseCode.NORMAL, detail, nowNanos);
      }
      case StartRefusal.Later later -> {
        out.hangUp(CloseCode.NORMAL);
        lose(new CloseReason(CloseCode.OVERLOADED, true, detail), later.afterNanos(), nowNanos);
      }
      case StartRefusal.Elsewhere elsewhere -> {
        comeback.redirected(elsewhere, warm.ask(elsewhere.primary(), nowNanos), nowNanos);
        leave(detail, nowNanos);
      }
      case StartRefusal.Never never -> finish(new CloseReason(never.code(), true, detail));
    }
  }

  // ---------------------------------------------------------------- the second connection

  /** What was dialled as second connection is there. */
  public void onWarmConnected(long nowNanos) {
    warm.onConnected(nowNanos);
  }

  /** One message of the gateway at the second connection. */
  public void onWarmFrame(ServerPush push, long nowNanos) {
    warm.onFrame(push, nowNanos);
    pump(nowNanos);
  }

  /** The second connection ended, or the attempt failed. */
  public void onWarmDisconnected(CloseReason reason, long nowNanos) {
    warm.onDisconnected(reason.code() + ": " + reason.detail(), nowNanos);
  }

  private final class Takeover implements WarmLink.Owner {
    /** The connection before may be silent for good, so nothing is said on it any more. */
    @Override
    public void onAccepted(ServerAddress at, StartResponse response, long position, long nowNanos) {
      session.tellLoss();
      out.promoteWarm();
      forgetConnection();
      if (state != ClientState.READY) {
        enter(ClientState.READY, "");
      }
      attach(at, exchange.onAccepted(response, position), response, nowNanos);
    }

    /** Whether the session's own connection still lives is then worth a question. */
    @Override
    public void onClaimFailed(ServerAddress at, String why, long nowNanos) {
      comeback.prefer(at);
      if (state == ClientState.READY) {
        session.probe(settings.standby().probeNanos(), nowNanos);
      }
    }
  }

  // ---------------------------------------------------------------- time

  /** Does what is due; nothing before {@link #nextDeadlineNanos}. */
  public void onTime(long nowNanos) {
    window.expire(nowNanos);
    warm.onTime(nowNanos);
    switch (state) {
      case CONNECTING, STARTING -> {
        if (nowNanos >= phaseEndNanos) {
          abort(CloseCode.NORMAL, "too slow: " + state, nowNanos);
        }
      }
      case BACKOFF -> dialIfDue(nowNanos);
      case READY -> onReadyTime(nowNanos);
      case IDLE, SUSPENDED, CLOSED -> {}
    }
  }

  private void dialIfDue(long nowNanos) {
    if (state == ClientState.BACKOFF && nowNanos >= phaseEndNanos && !feed.full()) {
      dial(nowNanos);
    }
  }

  private void onReadyTime(long nowNanos) {
    String dead = session.onTime(nowNanos);
    if (dead != null) {
      abort(CloseCode.DEAD_PEER, dead, nowNanos);
    } else if (nowNanos >= comeback.leaveNanos()) {
      leave("sent away by the gateway", nowNanos);
    }
  }

  private void pump(long nowNanos) {
    if (state == ClientState.READY) {
      uplink.pump(nowNanos);
    }
  }

  /** When {@link #onTime} must be called, or {@link #NEVER}. Moves with every other call. */
  public long nextDeadlineNanos() {
    long next = Math.min(window.deadlineNanos(), warm.nextDeadlineNanos());
    switch (state) {
      case CONNECTING, STARTING -> next = Math.min(next, phaseEndNanos);
      case BACKOFF -> next = feed.full() ? next : Math.min(next, phaseEndNanos);
      case READY -> {
        next = Math.min(next, Math.min(session.nextDeadlineNanos(), comeback.leaveNanos()));
      }
      case IDLE, SUSPENDED, CLOSED -> {}
    }
    return next;
  }

  // ---------------------------------------------------------------- states

  private void dial(long nowNanos) {
    enter(ClientState.CONNECTING, "");
    phaseEndNanos = nowNanos + settings.timers().connectNanos();
    out.dial(comeback.dial(warm.occupied()));
  }

  /** Ends the connection for a reason of this side, and comes back. */
  private void abort(CloseCode code, String detail, long nowNanos) {
    out.hangUp(code);
    lose(new CloseReason(CloseCode.CONNECTION_LOST, false, detail), 0, nowNanos);
  }

  private void lose(CloseReason reason, long retryAfterNanos, long nowNanos) {
    session.tellLoss();
    if (reason.byPeer() && !reason.code().reconnect()) {
      tellKick(reason);
      finish(reason);
      return;
    }
    comeback.settle(nowNanos);
    if (comeback.exhausted()) {
      String why = "gave up after " + comeback.attempts() + " attempts: " + reason.detail();
      finish(new CloseReason(reason.code(), reason.byPeer(), why));
      return;
    }
    boolean departing = comeback.leaveNanos() != NEVER;
    phaseEndNanos = comeback.lost(reason, retryAfterNanos, nowNanos);
    boolean asked = warm.detached(departing ? phaseEndNanos : nowNanos, nowNanos);
    // Where the session is expected already, no handshake is worth its while before the answer.
    phaseEndNanos += departing && asked ? settings.standby().probeNanos() : 0;
    forgetConnection();
    enter(ClientState.BACKOFF, reason.code() + ": " + reason.detail());
  }

  /** A gateway that sends no signals says it with its close code alone. */
  private void tellKick(CloseReason reason) {
    if (reason.code() == CloseCode.REPLACED) {
      feed.deliver(new Inbound.KickedOut(Kicked.Reason.REPLACED, reason.detail()));
    } else if (reason.code() == CloseCode.KICKED) {
      feed.deliver(new Inbound.KickedOut(Kicked.Reason.OPERATOR, reason.detail()));
    }
  }

  private void finish(CloseReason reason) {
    out.hangUp(CloseCode.NORMAL);
    warm.stop();
    forgetConnection();
    enter(ClientState.CLOSED, reason.code() + ": " + reason.detail());
    window.close(Outcome.Failure.CLOSED);
    feed.deliver(new Inbound.Closed(reason));
  }

  private void forgetConnection() {
    comeback.left();
    session.detached();
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
    return session.rttNanos();
  }

  /** True while something was handled and its acknowledgement has not left. */
  boolean hasUnacknowledged() {
    return session.hasUnacknowledged();
  }

  /** Everything countable. */
  public ClientStats stats() {
    return session.stats(state, comeback, warm);
  }
}
