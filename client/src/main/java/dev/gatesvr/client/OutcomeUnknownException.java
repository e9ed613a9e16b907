package dev.gatesvr.client;

/** A request that may or may not have run: ask the zone before sending it again. */
public final class OutcomeUnknownException extends RequestException {
  private static final long serialVersionUID = 1L;

  /**
   * @param errorCode the gateway's {@link dev.gatesvr.proto.ErrorCode}, 0 when the gateway did not
   *     say anything
   */
  public OutcomeUnknownException(int errorCode, String message) {
    super(errorCode, message + "; whether the request ran is unknown");
  }
}
