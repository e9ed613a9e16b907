package dev.gatesvr.gateway.config;

/**
 * Bounds of sessions.
 *
 * @param sessionsMax sessions alive at once, attached or waiting to be resumed
 * @param replayMessagesMax unacknowledged messages kept for replay
 * @param replayBytesMax their bytes; new work waits while they are above it
 * @param outstandingRequestsMax requests accepted and not yet answered
 * @param outstandingBytesMax their bytes
 * @param boundNotifiesMax BEFORE and AFTER pushes waiting for one request's response
 */
public record SessionConfig(
    int sessionsMax,
    int replayMessagesMax,
    int replayBytesMax,
    int outstandingRequestsMax,
    int outstandingBytesMax,
    int boundNotifiesMax) {

  public SessionConfig {
    Checks.range("session.sessions_max", sessionsMax, 1, 10_000_000);
    Checks.range("session.replay_messages_max", replayMessagesMax, 16, 1 << 20);
    Checks.range("session.replay_bytes_max", replayBytesMax, 4_096, 1 << 30);
    Checks.range("session.outstanding_requests_max", outstandingRequestsMax, 1, 4_096);
    Checks.range("session.outstanding_bytes_max", outstandingBytesMax, 4_096, 1 << 30);
    Checks.range("session.bound_notifies_max", boundNotifiesMax, 0, 1_024);
  }

  public static SessionConfig defaults() {
    return new SessionConfig(100_000, 1_024, 4 << 20, 64, 2 << 20, 32);
  }
}
