package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.CloseReason;
import java.util.List;
import java.util.function.DoubleSupplier;

/** When and where the client connects next, and when it leaves a gateway that asked it to. */
final class Comeback {
  private final ClientSettings.Reconnect settings;
  private final Backoff backoff;
  private final Route route;
  private long readySinceNanos;
  private boolean ready;
  private long leaveNanos = ClientCore.NEVER;

  Comeback(ClientSettings.Reconnect settings, List<ServerAddress> own, DoubleSupplier jitter) {
    this.settings = settings;
    this.backoff = new Backoff(settings, jitter);
    this.route = new Route(own);
  }

  /** Counts an attempt and says where it goes. */
  ServerAddress dialled() {
    ready = false;
    backoff.attempt();
    return route.current();
  }

  /** The attempt became a session. */
  void attached(long nowNanos) {
    ready = true;
    readySinceNanos = nowNanos;
  }

  /** The gateway asks the client to go. */
  void sentAway(Departure departure, long nowNanos) {
    route.sentTo(departure.addresses());
    leaveNanos = nowNanos + backoff.delayNanos(departure.waitNanos());
  }

  /** When to leave the gateway unless it closes first, or {@link ClientCore#NEVER}. */
  long leaveNanos() {
    return leaveNanos;
  }

  /**
   * The connection or the attempt ended, and the client comes back.
   *
   * @param retryAfterNanos what the gateway asked for, 0 when it did not
   * @return when to dial
   */
  long lost(CloseReason reason, long retryAfterNanos, long nowNanos) {
    if (leaveNanos != ClientCore.NEVER) {
      long dueNanos = Math.max(nowNanos, leaveNanos);
      leaveNanos = ClientCore.NEVER;
      return dueNanos;
    }
    // A network that failed under a session says nothing about its gateway.
    if (!ready || reason.code() != CloseCode.CONNECTION_LOST) {
      route.next();
    }
    return nowNanos + backoff.delayNanos(retryAfterNanos);
  }

  /** The connection is over, and nobody waits for the gateway's moment any more. */
  void left() {
    leaveNanos = ClientCore.NEVER;
  }

  /** Starts to count anew after a connection that was good for long enough. */
  void settle(long nowNanos) {
    if (ready && nowNanos - readySinceNanos >= settings.stableNanos()) {
      backoff.succeeded();
    }
  }

  /** True when the next attempt would be one too many. */
  boolean exhausted() {
    return backoff.exhausted();
  }

  /** Attempts in a row. */
  int attempts() {
    return backoff.attempts();
  }
}
