package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UpstreamRequest;

/**
 * What the window looks at in a request.
 *
 * @param sessionId empty when the request has no key
 * @param seq the {@code client_seq_id}; with the session it is the key. 0, and what does not fit 63
 *     bits, is no key
 * @param settledSeq no request of the session up to here comes again
 * @param attemptedIncarnation 0 for a first copy; else the process that got the first one
 * @param idempotent whether running the action twice does no harm
 */
record Arrival(
    String sessionId, long seq, long settledSeq, long attemptedIncarnation, boolean idempotent) {

  static Arrival of(UpstreamRequest request, boolean idempotent) {
    return new Arrival(
        request.getSessionId(),
        request.getClientSeqId(),
        request.getSettledClientSeqId(),
        request.getAttemptedIncarnation(),
        idempotent);
  }

  boolean keyed() {
    return !sessionId.isEmpty() && seq > 0;
  }

  boolean repeated() {
    return attemptedIncarnation != 0;
  }
}
