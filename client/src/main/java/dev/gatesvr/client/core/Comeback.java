package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.CloseReason;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** When and where the client connects next, and when it leaves a gateway that asked it to. */
final class Comeback {
  private final ClientSettings.Reconnect settings;
  private final boolean learns;
  private final Backoff backoff;
  private final Route route;
  private ServerAddress dialled;
  private @Nullable ServerAddress attachedAt;
  private List<ServerAddress> standbys = List.of();
  private long readySinceNanos;
  private boolean ready;
  private long leaveNanos = ClientCore.NEVER;

  /** The next attempt follows a redirect, and is part of the attempt before it. */
  private boolean redirected;

  /** Redirects followed since a session was attached. */
  private int redirectsInARow;

  /** Where the newest attempt failed without any word of its gateway. */
  private @Nullable ServerAddress unreachable;

  private long notPrimary;
  private long failovers;

  Comeback(ClientSettings settings, List<ServerAddress> own, DoubleSupplier jitter) {
    this.settings = settings.reconnect();
    this.learns = settings.standby().learnGateways();
    this.backoff = new Backoff(settings.reconnect(), jitter);
    this.route = new Route(own);
    this.dialled = route.current(null);
  }

  /**
   * Counts an attempt and says where it goes.
   *
   * @param avoided not there while there is any other
   */
  ServerAddress dial(@Nullable ServerAddress avoided) {
    ready = false;
    if (!redirected) {
      backoff.attempt();
    }
    redirected = false;
    dialled = route.current(avoided);
    return dialled;
  }

  /** Where the newest attempt went. */
  ServerAddress dialled() {
    return dialled;
  }

  /**
   * A connection became the session's.
   *
   * @return true when it is another gateway of a pair than before
   */
  boolean attached(ServerAddress at, StartResponse response, long nowNanos) {
    ready = true;
    readySinceNanos = nowNanos;
    redirectsInARow = 0;
    unreachable = null;
    PairAddresses pair = learns ? PairAddresses.of(response) : PairAddresses.NONE;
    route.attached(at, pair.gateways());
    boolean paired = PairAddresses.named(response);
    standbys = pair.standbys();
    if (paired && !learns) {
      List<ServerAddress> own = route.ownFrom(at);
      standbys = own.stream().filter(other -> !other.equals(at)).toList();
    }
    boolean moved = paired && attachedAt != null && !at.equals(attachedAt);
    attachedAt = at;
    failovers += moved ? 1 : 0;
    return moved;
  }

  /** The gateways of the session's pair that do not serve it. */
  List<ServerAddress> standbys() {
    return standbys;
  }

  /** The gateway asks the client to go. */
  void sentAway(Departure departure, long nowNanos) {
    route.sentTo(departure.addresses());
    leaveNanos = nowNanos + backoff.delayNanos(departure.waitNanos());
  }

  /**
   * The gateway that was dialled is not the primary. The first such answer is followed at once; one
   * that follows it without a session between waits, so that two gateways that name each other are
   * not asked in turn as fast as they answer. Where the named one could not be reached just now,
   * this one is asked once more first: it may be about to take over.
   *
   * @param asked the primary is being asked on another connection already
   */
  void redirected(StartRefusal.Elsewhere elsewhere, boolean asked, long nowNanos) {
    notPrimary++;
    redirectsInARow++;
    ServerAddress from = dialled;
    route.sentTo(learns ? elsewhere.primary() : List.of());
    if (route.current(null).equals(unreachable)) {
      unreachable = null;
      route.prefer(List.of(from));
    }
    redirected = redirectsInARow == 1 && !asked && !route.current(null).equals(from);
    leaveNanos = redirected ? nowNanos : nowNanos + backoff.delayNanos(elsewhere.afterNanos());
  }

  /** Goes there first when the session's connection ends. */
  void prefer(ServerAddress gateway) {
    route.prefer(List.of(gateway));
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
    unreachable = ready ? null : dialled;
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
    return !redirected && backoff.exhausted();
  }

  /** Attempts in a row. */
  int attempts() {
    return backoff.attempts();
  }

  /** STARTs that a standby refused. */
  long notPrimary() {
    return notPrimary;
  }

  /** How often the session went on at another gateway of its pair. */
  long failovers() {
    return failovers;
  }
}
