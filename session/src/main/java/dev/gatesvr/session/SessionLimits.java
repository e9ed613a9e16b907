package dev.gatesvr.session;

/**
 * Bounds of one session.
 *
 * @param replayMessagesMax messages kept from numbering to acknowledgement; room for the answers of
 *     accepted requests is reserved within it
 * @param replayBytesMax their bytes; pushes are refused and requests wait above it. One answer,
 *     with the pushes already bound to it, may overshoot it
 * @param replayAgeNanos age of a kept message from which droppable ones are dropped and, while it
 *     is a reliable one, further pushes are refused
 * @param outstandingRequestsMax requests accepted and not yet answered
 * @param outstandingBytesMax their bytes
 * @param boundNotifiesMax pushes waiting for one request's answer
 * @param requestWaitNanos how long an accepted request may wait for its turn
 * @param times when a connection or the session is given up
 */
public record SessionLimits(
    int replayMessagesMax,
    long replayBytesMax,
    long replayAgeNanos,
    int outstandingRequestsMax,
    long outstandingBytesMax,
    int boundNotifiesMax,
    long requestWaitNanos,
    Times times) {

  /**
   * When a connection or the session is given up.
   *
   * @param sessionTimeoutNanos how long a detached session can be resumed
   * @param ackTimeoutNanos silence of acknowledgements that counts as one miss
   * @param ackMissesMax misses in a row after which the connection is closed as dead
   * @param silenceNanos how long a connection may say nothing at all
   * @param slowNanos how long a connection may take nothing of what waits for it
   */
  public record Times(
      long sessionTimeoutNanos,
      long ackTimeoutNanos,
      int ackMissesMax,
      long silenceNanos,
      long slowNanos) {}
}
