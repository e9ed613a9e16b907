package dev.gatesvr.gateway.config;

/** Bounds of one session. */
public record SessionConfig(
    @Describe("unacknowledged messages kept for replay") int replayMessagesMax,
    @Describe("their bytes; new work waits while they are above it") int replayBytesMax,
    @Describe("requests accepted and not yet answered") int outstandingRequestsMax,
    @Describe("their bytes") int outstandingBytesMax,
    @Describe("BEFORE and AFTER pushes waiting for one request's response") int boundNotifiesMax) {

  public SessionConfig {
    Checks.range("session.replay_messages_max", replayMessagesMax, 16, 1 << 20);
    Checks.range("session.replay_bytes_max", replayBytesMax, 4_096, 1 << 30);
    Checks.range("session.outstanding_requests_max", outstandingRequestsMax, 1, 4_096);
    Checks.range("session.outstanding_bytes_max", outstandingBytesMax, 4_096, 1 << 30);
    Checks.range("session.bound_notifies_max", boundNotifiesMax, 0, 1_024);
  }

  public static SessionConfig defaults() {
    return new SessionConfig(1_024, 4 << 20, 64, 2 << 20, 32);
  }
}
