package dev.gatesvr.client.core;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.SendResult;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The second connection: it waits at the standby of the session's pair, so that the session can go
 * on there without a handshake once that one has taken over.
 *
 * <pre>
 *  OFF       → RESTING   the session is attached, and its pair has a standby
 *  RESTING   → DIALLING  the wait is over
 *  DIALLING  → ASKING    connected; START leaves with {@code warm}
 *            → RESTING   failed, or too slow
 *  ASKING    → WAITING   421: this is a standby, and it keeps the connection
 *            → CLAIMING  an offer came first
 *            → OFF       accepted all the same; the owner takes the connection over
 *            → RESTING   lost, refused otherwise, or too slow
 *  WAITING   → CLAIMING  an offer; START leaves as for any resume
 *            → ASKING    the session's connection was lost: an offer may have been lost too
 *            → RESTING   lost, silent, or sent away
 *  CLAIMING  → OFF       accepted; the owner takes the connection over
 *            → WAITING   421: it is not the primary after all
 *            → RESTING   refused otherwise, lost, or too slow; the owner is told
 *  any       → OFF       stop(), another pair, or no offer for too long without a session
 * </pre>
 *
 * While the session has no connection, OFF takes the place of RESTING: dialling is then the
 * comeback's business alone. Not thread-safe; confined to its core.
 */
final class WarmLink {
  enum State {
    /** None is wanted. */
    OFF,
    /** The next attempt comes by itself. */
    RESTING,
    /** A connection is being made. */
    DIALLING,
    /** START was sent with {@code warm}; the answer says what this gateway is. */
    ASKING,
    /** It is a standby; heartbeats keep the connection. */
    WAITING,
    /** It took over: START was sent to resume the session here. */
    CLAIMING;

    /** True while there is a connection. */
    boolean open() {
      return this == ASKING || this == WAITING || this == CLAIMING;
    }

    /** True when there is an arrow from here to {@code next}. */
    boolean mayBecome(State next) {
      return switch (next) {
        case OFF -> true;
        case RESTING -> this != RESTING;
        case DIALLING -> this == RESTING;
        case ASKING -> this == DIALLING || this == WAITING;
        case WAITING -> this == ASKING || this == CLAIMING;
        case CLAIMING -> this == ASKING || this == WAITING;
      };
    }
  }

  /** Who has the session. */
  interface Owner {
    /**
     * START was accepted: this connection is the session's. The link is OFF already.
     *
     * @param position what START said was handled
     */
    void onAccepted(ServerAddress at, StartResponse response, long position, long nowNanos);

    /** The gateway offered the session and did not resume it; {@code why} is for people. */
    void onClaimFailed(ServerAddress at, String why, long nowNanos);
  }

  private final ClientSettings.Standby settings;
  private final ClientSettings.Timers timers;
  private final int missesMax;
  private final StartExchange exchange;
  private final Frames frames;
  private final WarmOutput out;
  private final Owner owner;
  private final Backoff backoff;
  private final HeartbeatClock heartbeat;
  private State state = State.OFF;
  private List<ServerAddress> standbys = List.of();
  private int index;

  /** End of the current wait: to dial, for a connection, for START's answer. */
  private long phaseEndNanos;

  /** When to ask a standby again that is waited at, or {@link ClientCore#NEVER}. */
  private long askNanos = ClientCore.NEVER;

  /** Without a session until then, or {@link ClientCore#NEVER} while there is one. */
  private long awayUntilNanos = ClientCore.NEVER;

  /** Since when this connection is known to be at a standby, NEVER before. */
  private long waitingSinceNanos = ClientCore.NEVER;

  private int startMsgId;
  private long position;
  private long opened;

  WarmLink(
      ClientSettings settings,
      StartExchange exchange,
      Frames frames,
      WarmOutput out,
      DoubleSupplier jitter,
      Owner owner) {
    this.settings = settings.standby();
    this.timers = settings.timers();
    this.missesMax = settings.bounds().heartbeatMissesMax();
    this.exchange = exchange;
    this.frames = frames;
    this.out = out;
    this.owner = owner;
    this.backoff = new Backoff(this.settings.reconnect(), jitter);
    this.heartbeat =
        new HeartbeatClock(timers.beatingEvery(this.settings.heartbeatNanos()), jitter);
  }

  // ---------------------------------------------------------------- from the session

  /**
   * The session is attached.
   *
   * @param others the gateways of its pair that do not serve it, best first
   */
  void attached(List<ServerAddress> others, long nowNanos) {
    ServerAddress target = target();
    standbys = settings.warm() && exchange.resuming() ? others : List.of();
    awayUntilNanos = ClientCore.NEVER;
    askNanos = ClientCore.NEVER;
    index = target == null ? -1 : standbys.indexOf(target);
    // A claim was made for the session as it was before.
    boolean kept = index >= 0 && (state == State.ASKING || state == State.WAITING);
    if (kept) {
      return;
    }
    index = 0;
    off();
    if (!standbys.isEmpty()) {
      backoff.succeeded();
      rest(0, nowNanos);
    }
  }

  /**
   * The session lost its connection, or its latest attempt to get one.
   *
   * @param askAtNanos when the standby may be asked whether it took over
   * @return true when it will be, for the first time since the session was attached
   */
  boolean detached(long askAtNanos, long nowNanos) {
    if (awayUntilNanos != ClientCore.NEVER) {
      return false;
    }
    awayUntilNanos = askAtNanos + settings.offerNanos();
    if (!state.open()) {
      off();
      return false;
    }
    if (state == State.WAITING) {
      askNanos = askAtNanos;
      askIfDue(nowNanos);
    }
    return state.open();
  }

  /** The session's gateway names where to go: elsewhere than here, if it is not among them. */
  void sentTo(List<ServerAddress> addresses) {
    ServerAddress target = target();
    if (!addresses.isEmpty() && target != null && !addresses.contains(target)) {
      off();
    }
  }

  /**
   * Another gateway says that this one is the primary.
   *
   * @return true when this one is being asked
   */
  boolean ask(List<ServerAddress> primary, long nowNanos) {
    ServerAddress there = occupied();
    if (there == null || !primary.contains(there)) {
      return false;
    }
    if (state == State.WAITING) {
      askNanos = nowNanos;
      askIfDue(nowNanos);
    }
    return state.open();
  }

  /** Ends the connection for good, or until the next session. */
  void stop() {
    off();
    awayUntilNanos = ClientCore.NEVER;
  }

  // ---------------------------------------------------------------- from the connection

  /** What was dialled is there. */
  void onConnected(long nowNanos) {
    if (state == State.DIALLING) {
      askNow(nowNanos);
    }
  }

  /** The connection ended, or the attempt failed. */
  void onDisconnected(String why, long nowNanos) {
    if (state != State.OFF) {
      fail(why, 0, nowNanos);
    }
  }

  /** One message of the gateway. */
  void onFrame(ServerPush push, long nowNanos) {
    if (!state.open()) {
      return;
    }
    heartbeat.heard();
    boolean starting = state != State.WAITING;
    switch (push.getType()) {
      case PUSH_ATTACH_OFFER -> onOffer(nowNanos);
      case PUSH_GO_AWAY -> fail("sent away", Departure.of(push).waitNanos(), nowNanos);
      case PUSH_KICKED -> fail("kicked", 0, nowNanos);
      case PUSH_START_RESP, PUSH_ERROR -> {
        // The answer to an older START may come after the offer that led to a newer one.
        if (starting && push.getMsgId() == startMsgId) {
          onAnswer(Frames.startResponse(push), nowNanos);
        }
      }
      default -> {}
    }
  }

  private void onOffer(long nowNanos) {
    if (state != State.CLAIMING) {
      enter(State.CLAIMING);
      start(false, nowNanos);
    }
  }

  private void onAnswer(StartResponse response, long nowNanos) {
    if (response.getSuccess()) {
      ServerAddress at = standbys.get(index);
      enter(State.OFF);
      owner.onAccepted(at, response, position, nowNanos);
    } else if (response.getError().getErrorCode() == ErrorCode.NOT_PRIMARY) {
      enter(State.WAITING);
      opened += waitingSinceNanos == ClientCore.NEVER ? 1 : 0;
      waitingSinceNanos = Math.min(waitingSinceNanos, nowNanos);
      askNanos = ClientCore.NEVER;
      heartbeat.start(response.getHeartbeatInterval(), false, nowNanos);
    } else {
      int code = response.getError().getErrorCode();
      long wait = Departure.waitNanos(response.getError().getRetryAfterMs());
      fail(code + " " + response.getError().getErrorMessage(), wait, nowNanos);
    }
  }

  // ---------------------------------------------------------------- time

  /** Does what is due; nothing before {@link #nextDeadlineNanos}. */
  void onTime(long nowNanos) {
    if (state.open() && nowNanos >= awayUntilNanos) {
      off();
    }
    switch (state) {
      case RESTING -> dialIfDue(nowNanos);
      case DIALLING, ASKING, CLAIMING -> {
        if (nowNanos >= phaseEndNanos) {
          fail("too slow: " + state, 0, nowNanos);
        }
      }
      case WAITING -> {
        beatIfDue(nowNanos);
        askIfDue(nowNanos);
      }
      case OFF -> {}
    }
  }

  private void dialIfDue(long nowNanos) {
    if (nowNanos >= phaseEndNanos) {
      enter(State.DIALLING);
      backoff.attempt();
      phaseEndNanos = nowNanos + timers.connectNanos();
      out.dialWarm(standbys.get(index));
    }
  }

  private void beatIfDue(long nowNanos) {
    if (nowNanos < heartbeat.nextNanos()) {
      return;
    }
    if (heartbeat.misses() >= missesMax) {
      fail("no answer to " + missesMax + " heartbeats", 0, nowNanos);
      return;
    }
    int msgId = frames.nextMsgId();
    boolean sent = send(frames.heartbeat(msgId, heartbeat.request(0, nowNanos), 0));
    heartbeat.beat(sent ? msgId : 0, nowNanos);
  }

  private void askIfDue(long nowNanos) {
    if (state == State.WAITING && nowNanos >= askNanos) {
      askNow(nowNanos);
    }
  }

  private void askNow(long nowNanos) {
    enter(State.ASKING);
    askNanos = ClientCore.NEVER;
    start(true, nowNanos);
  }

  /** When {@link #onTime} has something to do, or {@link ClientCore#NEVER}. */
  long nextDeadlineNanos() {
    long next =
        switch (state) {
          case OFF -> ClientCore.NEVER;
          case RESTING, DIALLING, ASKING, CLAIMING -> phaseEndNanos;
          case WAITING -> Math.min(heartbeat.nextNanos(), askNanos);
        };
    return state.open() ? Math.min(next, awayUntilNanos) : next;
  }

  // ---------------------------------------------------------------- states

  private void start(boolean warm, long nowNanos) {
    if (!exchange.resuming()) {
      fail("there is no session to resume", 0, nowNanos);
      return;
    }
    StartRequest request = exchange.resume(warm);
    position = request.getLastAckedSeqId();
    // A standby answers at once; one that does not was restarted or cut off, and is dialled then.
    boolean hurry = warm && awayUntilNanos != ClientCore.NEVER;
    long patience = hurry ? settings.probeNanos() : timers.startNanos();
    phaseEndNanos = nowNanos + Math.min(patience, timers.startNanos());
    ClientRequest frame = frames.start(request);
    startMsgId = frame.getMsgId();
    if (!send(frame)) {
      fail(RequestType.REQUEST_START + " was not taken", 0, nowNanos);
    }
  }

  private boolean send(ClientRequest message) {
    return out.sendWarm(message) == SendResult.SENT;
  }

  private void fail(String why, long waitNanos, long nowNanos) {
    ServerAddress at = standbys.get(index);
    boolean claimed = state == State.CLAIMING;
    if (nowNanos - settings.reconnect().stableNanos() >= waitingSinceNanos) {
      backoff.succeeded();
    }
    out.hangUpWarm(CloseCode.NORMAL);
    if (awayUntilNanos == ClientCore.NEVER) {
      index = (index + 1) % standbys.size();
      rest(waitNanos, nowNanos);
    } else {
      enter(State.OFF);
    }
    if (claimed) {
      owner.onClaimFailed(at, why, nowNanos);
    }
  }

  private void rest(long waitNanos, long nowNanos) {
    enter(State.RESTING);
    phaseEndNanos = nowNanos + backoff.delayNanos(waitNanos);
  }

  private void off() {
    if (state != State.OFF) {
      out.hangUpWarm(CloseCode.NORMAL);
      enter(State.OFF);
    }
  }

  private void enter(State next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("from " + state + " to " + next);
    }
    state = next;
    waitingSinceNanos = next.open() ? waitingSinceNanos : ClientCore.NEVER;
  }

  State state() {
    return state;
  }

  /** Where it is open, so that nobody dials there meanwhile; null when it is not. */
  @Nullable ServerAddress occupied() {
    return state.open() ? target() : null;
  }

  private @Nullable ServerAddress target() {
    return state == State.OFF || standbys.isEmpty() ? null : standbys.get(index);
  }

  /** Connections that came to wait at a standby. */
  long opened() {
    return opened;
  }
}
