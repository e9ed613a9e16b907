package dev.gatesvr.client.core;

import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.HeartbeatResponse;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * When heartbeats leave, what they measure, and when silence means that the peer is gone. Each
 * interval is shifted by up to ±10 %, so that a fleet does not beat in step.
 */
final class HeartbeatClock {
  private static final double JITTER = 0.1;
  private static final int SMOOTHING = 8;

  private final ClientSettings.Timers settings;
  private final DoubleSupplier jitter;
  private long intervalNanos;
  private long nextNanos = ClientCore.NEVER;

  /** The peer counts as gone when it is silent until then; NEVER when nobody doubts it. */
  private long silentUntilNanos = ClientCore.NEVER;

  private int sentMsgId;
  private long sentNanos;
  private int misses;
  private long rttNanos;

  /** The gateway's clock in its newest answer on this connection, 0 when there was none. */
  private long serverMicros;

  private long serverMicrosNanos;

  HeartbeatClock(ClientSettings.Timers settings, DoubleSupplier jitter) {
    this.settings = settings;
    this.jitter = jitter;
  }

  /**
   * A session is attached.
   *
   * @param suggestedSeconds by the gateway, 0 when it does not care
   * @param atOnce the first one leaves now: the resume token that was presented goes bad when the
   *     gateway hears from this client
   */
  void start(int suggestedSeconds, boolean atOnce, long nowNanos) {
    boolean suggested = suggestedSeconds > 0 && !settings.heartbeatFixed();
    intervalNanos =
        suggested ? TimeUnit.SECONDS.toNanos(suggestedSeconds) : settings.heartbeatNanos();
    misses = 0;
    sentMsgId = 0;
    serverMicros = 0;
    schedule(nowNanos);
    nextNanos = atOnce ? nowNanos : nextNanos;
  }

  void stop() {
    nextNanos = ClientCore.NEVER;
    silentUntilNanos = ClientCore.NEVER;
  }

  long nextNanos() {
    return nextNanos;
  }

  /** Any message from the gateway shows that it is there. */
  void heard() {
    misses = 0;
    silentUntilNanos = ClientCore.NEVER;
  }

  /** Doubts the peer: a heartbeat leaves now, and something must be heard in time. */
  void probe(long withinNanos, long nowNanos) {
    nextNanos = nowNanos;
    silentUntilNanos = Math.min(silentUntilNanos, nowNanos + withinNanos);
  }

  /** When a peer that is doubted counts as gone. */
  long silentUntilNanos() {
    return silentUntilNanos;
  }

  /** Heartbeats that are due without anything heard since the one before. */
  int misses() {
    return misses;
  }

  /** A heartbeat is due; {@code msgId} 0 says that it could not be sent. */
  void beat(int msgId, long nowNanos) {
    misses++;
    sentMsgId = msgId;
    sentNanos = nowNanos;
    schedule(nowNanos);
  }

  /** The heartbeat to send now; it lets the gateway measure the round trip too. */
  HeartbeatRequest request(long unixMillis, long nowNanos) {
    HeartbeatRequest.Builder request = HeartbeatRequest.newBuilder().setClientTimestamp(unixMillis);
    if (serverMicros != 0) {
      long heldNanos = Math.max(0, nowNanos - serverMicrosNanos);
      request
          .setEchoServerMicros(serverMicros)
          .setHeldMicros(TimeUnit.NANOSECONDS.toMicros(heldNanos));
    }
    return request.build();
  }

  /** A heartbeat was answered. */
  void answered(int msgId, HeartbeatResponse response, long nowNanos) {
    serverMicros = response.getServerMicros();
    serverMicrosNanos = nowNanos;
    if (msgId != 0 && msgId == sentMsgId) {
      long sample = nowNanos - sentNanos;
      rttNanos = rttNanos == 0 ? sample : rttNanos + (sample - rttNanos) / SMOOTHING;
      sentMsgId = 0;
    }
  }

  /** Smoothed round-trip time, 0 before the first answer. */
  long rttNanos() {
    return rttNanos;
  }

  private void schedule(long nowNanos) {
    double factor = 1 - JITTER + 2 * JITTER * jitter.getAsDouble();
    nextNanos = nowNanos + (long) (intervalNanos * factor);
  }
}
