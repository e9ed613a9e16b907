package dev.gatesvr.client.core;

import java.time.Duration;

/** Everything that can be set about a client's behaviour, with its bounds. */
public record ClientSettings(Timers timers, Bounds bounds, Reconnect reconnect, Standby standby) {

  /** What a client runs with when nothing is set. */
  public static ClientSettings defaults() {
    return new ClientSettings(
        Timers.defaults(), Bounds.defaults(), Reconnect.defaults(), Standby.defaults());
  }

  public ClientSettings withTimers(Timers changed) {
    return new ClientSettings(changed, bounds, reconnect, standby);
  }

  public ClientSettings withBounds(Bounds changed) {
    return new ClientSettings(timers, changed, reconnect, standby);
  }

  public ClientSettings withReconnect(Reconnect changed) {
    return new ClientSettings(timers, bounds, changed, standby);
  }

  public ClientSettings withStandby(Standby changed) {
    return new ClientSettings(timers, bounds, reconnect, changed);
  }

  /**
   * @param connectNanos how long one attempt to connect may take
   * @param startNanos how long the answer to START may take
   * @param heartbeatNanos interval when the gateway suggests none, or always when it is fixed
   * @param heartbeatFixed true to ignore the gateway's suggestion
   * @param ackNanos how long a handled push may wait for its acknowledgement, at most 50 ms
   */
  public record Timers(
      long connectNanos,
      long startNanos,
      long heartbeatNanos,
      boolean heartbeatFixed,
      long ackNanos) {
    public Timers {
      positive("connectNanos", connectNanos);
      positive("startNanos", startNanos);
      positive("heartbeatNanos", heartbeatNanos);
      range("ackNanos", ackNanos, 0, 50_000_000);
    }

    /** The same with another interval, for a connection that only waits. */
    Timers beatingEvery(long nanos) {
      return new Timers(connectNanos, startNanos, nanos, false, ackNanos);
    }

    public static Timers defaults() {
      return new Timers(
          Duration.ofSeconds(5).toNanos(),
          Duration.ofSeconds(10).toNanos(),
          Duration.ofSeconds(30).toNanos(),
          false,
          Duration.ofMillis(20).toNanos());
    }
  }

  /**
   * @param outstandingMax requests sent and not answered; the gateway's own default is 64
   * @param waitingMax requests that wait behind them before further ones are refused locally
   * @param inboundMax messages handed to the application and not handled, before reading stops
   * @param ackEvery handled messages after which an acknowledgement leaves at once
   * @param heartbeatMissesMax unanswered heartbeats after which the connection is given up
   */
  public record Bounds(
      int outstandingMax, int waitingMax, int inboundMax, int ackEvery, int heartbeatMissesMax) {
    public Bounds {
      range("outstandingMax", outstandingMax, 1, 4_096);
      range("waitingMax", waitingMax, 0, 1 << 20);
      range("inboundMax", inboundMax, 1, 1 << 20);
      range("ackEvery", ackEvery, 1, 1 << 16);
      range("heartbeatMissesMax", heartbeatMissesMax, 1, 100);
    }

    public static Bounds defaults() {
      return new Bounds(64, 1_024, 256, 32, 3);
    }
  }

  /**
   * @param baseNanos upper end of the first wait; it doubles with every attempt
   * @param capNanos upper end of every later wait
   * @param attemptsMax attempts in a row before the client gives up and closes
   * @param stableNanos how long a connection must have been ready to start over at the base
   */
  public record Reconnect(long baseNanos, long capNanos, int attemptsMax, long stableNanos) {
    public Reconnect {
      positive("baseNanos", baseNanos);
      range("capNanos", capNanos, baseNanos, Long.MAX_VALUE);
      range("attemptsMax", attemptsMax, 1, Integer.MAX_VALUE);
      range("stableNanos", stableNanos, 0, Long.MAX_VALUE);
    }

    public static Reconnect defaults() {
      return new Reconnect(
          Duration.ofMillis(100).toNanos(),
          Duration.ofSeconds(10).toNanos(),
          Integer.MAX_VALUE,
          Duration.ofSeconds(1).toNanos());
    }
  }

  /**
   * How the client uses the second gateway of a pair.
   *
   * @param learnGateways dial the addresses that the gateways name; false where the client reaches
   *     them under others, as behind a balancer
   * @param warm hold a connection to the standby, when the pair has one
   * @param heartbeatNanos interval on that connection when the gateway suggests none; less than
   *     half of the idle timeout of QUIC, which is 60 s
   * @param offerNanos how long that connection waits for an offer while the session has no
   *     connection; then it is given up, and its gateway dialled like any other
   * @param probeNanos how long the session's gateway may be silent after another one offered the
   *     session and did not resume it, and a standby that is asked while the session has no
   *     connection
   * @param reconnect between attempts to open that connection
   */
  public record Standby(
      boolean learnGateways,
      boolean warm,
      long heartbeatNanos,
      long offerNanos,
      long probeNanos,
      Reconnect reconnect) {
    public Standby {
      positive("heartbeatNanos", heartbeatNanos);
      positive("offerNanos", offerNanos);
      positive("probeNanos", probeNanos);
    }

    public static Standby defaults() {
      return new Standby(
          true,
          true,
          Duration.ofSeconds(20).toNanos(),
          Duration.ofSeconds(10).toNanos(),
          Duration.ofSeconds(2).toNanos(),
          new Reconnect(
              Duration.ofSeconds(1).toNanos(),
              Duration.ofSeconds(30).toNanos(),
              Integer.MAX_VALUE,
              Duration.ofSeconds(10).toNanos()));
    }

    public Standby withLearnGateways(boolean changed) {
      return new Standby(changed, warm, heartbeatNanos, offerNanos, probeNanos, reconnect);
    }

    public Standby withWarm(boolean changed) {
      return new Standby(learnGateways, changed, heartbeatNanos, offerNanos, probeNanos, reconnect);
    }
  }

  private static void positive(String name, long value) {
    range(name, value, 1, Long.MAX_VALUE);
  }

  private static void range(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }
}
