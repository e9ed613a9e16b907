package dev.gatesvr.session;

/**
 * Bounds of one session.
 *
 * @param replayMessagesMax messages kept from numbering to acknowledgement; room for the answers of
 *     accepted requests is reserved within it
 * @param replayBytesMax their bytes; pushes are refused and requests wait above it. One answer,
 *     with the pushes already bound to it, may overshoot it
 * @param outstandingRequestsMax requests accepted and not yet answered
 * @param outstandingBytesMax their bytes
 * @param boundNotifiesMax pushes waiting for one request's answer
 * @param sessionTimeoutNanos how long a detached session can be resumed
 * @param ackTimeoutNanos silence of acknowledgements that counts as one miss
 * @param ackMissesMax misses in a row after which the connection is closed as dead
 */
public record SessionLimits(
    int replayMessagesMax,
    long replayBytesMax,
    int outstandingRequestsMax,
    long outstandingBytesMax,
    int boundNotifiesMax,
    long sessionTimeoutNanos,
    long ackTimeoutNanos,
    int ackMissesMax) {}
