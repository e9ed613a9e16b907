package dev.gatesvr.client.core;

import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartResponse;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of its session: what flows while a connection is attached to it, and what is
 * kept while none is. Not thread-safe; confined to its core.
 */
final class ClientSession {
  private final ClientSettings.Bounds bounds;
  private final HeartbeatClock heartbeat;
  private final InboundHistory history;
  private final Feed feed;
  private final RequestWindow window;
  private final Downlink downlink;
  private final Uplink uplink;
  private long attaches;

  /**
   * @param history shared with the start exchange, which says how far it was handled
   */
  ClientSession(
      ClientSettings settings,
      InboundHistory history,
      Feed feed,
      Uplink uplink,
      RequestWindow window,
      HeartbeatClock heartbeat) {
    this.bounds = settings.bounds();
    this.history = history;
    this.feed = feed;
    this.uplink = uplink;
    this.window = window;
    this.heartbeat = heartbeat;
    this.downlink = new Downlink(feed, history, window, heartbeat);
  }

  /** A connection carries the session from now on, or a session that took its place. */
  void attached(StartExchange.Accepted accepted, StartResponse response, long nowNanos) {
    attaches++;
    heartbeat.start(response.getHeartbeatInterval(), accepted.signals(), nowNanos);
    uplink.attached(accepted.signals());
    downlink.attached(accepted, attaches > 1);
    long expectedSeq = response.getNextClientSeqId();
    switch (accepted.continuity()) {
      case KEPT -> {
        history.resumed(accepted.position(), nowNanos);
        window.resumed(expectedSeq == 0 ? window.nextSeq() : expectedSeq);
      }
      case ASSUMED -> {
        history.resumed(accepted.position(), nowNanos);
        window.resumedBlindly();
      }
      case LOST -> {
        history.restarted();
        window.restarted(Math.max(1, expectedSeq));
      }
    }
    feed.attached();
  }

  /** The connection is gone. */
  void detached() {
    heartbeat.stop();
    downlink.tellLoss();
    uplink.unblock();
    feed.detached();
  }

  /** One message of the attached connection; returns null when all is well. */
  Downlink.@Nullable Breach onMessage(ServerPush push, long nowNanos) {
    return downlink.onMessage(push, nowNanos);
  }

  /** Before something that ends the connection: says what is still to be said of the history. */
  void tellLoss() {
    downlink.tellLoss();
  }

  /** Anything came from the gateway. */
  void heard() {
    heartbeat.heard();
  }

  /** The application returned from {@code count} things, the newest of them at {@code position}. */
  void onHandled(int count, Inbound.Position position, long nowNanos) {
    feed.handled(count);
    history.onHandled(position, nowNanos);
  }

  /**
   * Sends what is due on the attached connection.
   *
   * @return null, or why the peer counts as dead
   */
  @Nullable String onTime(long nowNanos) {
    if (nowNanos >= heartbeat.nextNanos()) {
      if (heartbeat.misses() >= bounds.heartbeatMissesMax() && !feed.paused()) {
        return "no answer to " + heartbeat.misses() + " heartbeats";
      }
      uplink.beat(heartbeat, nowNanos);
    }
    if (nowNanos >= heartbeat.silentUntilNanos()) {
      heartbeat.heard();
      if (!feed.paused()) {
        return "silent since another gateway offered the session";
      }
    }
    uplink.pump(nowNanos);
    return null;
  }

  /** When {@link #onTime} has something to do, or {@link ClientCore#NEVER}. */
  long nextDeadlineNanos() {
    long heartbeatNanos = Math.min(heartbeat.nextNanos(), heartbeat.silentUntilNanos());
    return Math.min(heartbeatNanos, uplink.nextDeadlineNanos());
  }

  /** The peer may be gone: it must be heard within {@code withinNanos}. */
  void probe(long withinNanos, long nowNanos) {
    heartbeat.probe(withinNanos, nowNanos);
  }

  /** True while something was handled and its acknowledgement has not left. */
  boolean hasUnacknowledged() {
    return history.ackPending();
  }

  long rttNanos() {
    return heartbeat.rttNanos();
  }

  ClientStats stats(ClientState state, Comeback comeback, WarmLink warm) {
    return new ClientStats(
        state,
        heartbeat.rttNanos(),
        attaches,
        uplink.requestsSent(),
        window.outstanding(),
        window.size() - window.outstanding(),
        downlink.received(),
        downlink.duplicates(),
        downlink.missed(),
        uplink.acksSent(),
        uplink.acksCarried(),
        history.acked(),
        feed.waiting(),
        comeback.failovers(),
        warm.opened(),
        comeback.notPrimary());
  }
}
