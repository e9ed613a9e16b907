package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.ErrorCode;

/**
 * Why a request has no answer from its zone. Where {@link #mayHaveRun} is true nobody knows whether
 * it ran, and the player is to be told so.
 */
public enum UpstreamFailure {
  /** Nobody is registered for the zone. */
  NO_UPSTREAM(ErrorCode.UNAVAILABLE, false),
  /** No answer within the deadline, though an instance may have the request. */
  DEADLINE(ErrorCode.UPSTREAM_DEADLINE, true),
  /** No connection to an instance: the request never left this process. */
  UNREACHABLE(ErrorCode.UNAVAILABLE, false),
  /** An instance refused the request and says that it did not run it. */
  REFUSED(ErrorCode.UNAVAILABLE, false),
  /** A gateway of a higher term of this one's pair was there: the request did not run. */
  FENCED(ErrorCode.UNAVAILABLE, false),
  /** The connection broke or the instance answered with a gRPC error. */
  FAILED(ErrorCode.UPSTREAM_FAILED, true),
  /**
   * The request was repeated because it may have arrived, and no instance could say what became of
   * it: the process that had it is gone, or dropped the result.
   */
  OUTCOME_UNKNOWN(ErrorCode.UPSTREAM_DEADLINE, true),
  /** The caller was closed, or closed while the request was under way. */
  STOPPED(ErrorCode.UNAVAILABLE, true);

  private final int errorCode;
  private final boolean mayHaveRun;

  UpstreamFailure(int errorCode, boolean mayHaveRun) {
    this.errorCode = errorCode;
    this.mayHaveRun = mayHaveRun;
  }

  /** What the player is told, one of {@link ErrorCode}. */
  public int errorCode() {
    return errorCode;
  }

  /**
   * False only when the request certainly did not run, so that trying again is safe. True makes it
   * {@code ErrorMessage.outcome_unknown}.
   */
  public boolean mayHaveRun() {
    return mayHaveRun;
  }
}
