package dev.gatesvr.gateway.config;

import java.time.Duration;

/** Bounds of sessions. */
public record SessionConfig(
    @Describe("sessions alive at once, attached or waiting to be resumed") int sessionsMax,
    @Describe("unacknowledged messages kept for replay, per session") int replayMessagesMax,
    @Describe("bytes of these messages; new work waits while they are above it") int replayBytesMax,
    @Describe("age from which droppable ones go, and from which a reliable one holds back others")
        Duration replayAgeMax,
    @Describe("bytes kept for replay by all sessions together") long replayBytesTotalMax,
    @Describe("how long a connection may take nothing of what waits for it") Duration slowTimeout,
    @Describe("requests of one session accepted and not yet answered") int outstandingRequestsMax,
    @Describe("bytes of these requests") int outstandingBytesMax,
    @Describe("BEFORE and AFTER pushes waiting for one request's response") int boundNotifiesMax) {

  public SessionConfig {
    Checks.range("session.sessions_max", sessionsMax, 1, 10_000_000);
    Checks.range("session.replay_messages_max", replayMessagesMax, 16, 1 << 20);
    Checks.range("session.replay_bytes_max", replayBytesMax, 4_096, 1 << 30);
    Checks.range(
        "session.replay_age_max", replayAgeMax, Duration.ofSeconds(1), Duration.ofHours(24));
    Checks.range("session.replay_bytes_total_max", replayBytesTotalMax, 1 << 20, 1L << 40);
    Checks.range("session.slow_timeout", slowTimeout, Duration.ofMillis(100), Duration.ofHours(1));
    Checks.range("session.outstanding_requests_max", outstandingRequestsMax, 1, 4_096);
    Checks.range("session.outstanding_bytes_max", outstandingBytesMax, 4_096, 1 << 30);
    Checks.range("session.bound_notifies_max", boundNotifiesMax, 0, 1_024);
  }

  public static SessionConfig defaults() {
    return new SessionConfig(
        100_000,
        1_024,
        4 << 20,
        Duration.ofMinutes(15),
        512L << 20,
        Duration.ofSeconds(30),
        64,
        2 << 20,
        32);
  }
}
