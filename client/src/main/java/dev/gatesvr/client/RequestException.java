package dev.gatesvr.client;

/**
 * A request that got no answer from its zone. {@link OutcomeUnknownException} when it may have run
 * all the same.
 */
public class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errorCode;

  /**
   * @param errorCode the gateway's {@link dev.gatesvr.proto.ErrorCode}, 0 when the gateway did not
   *     say anything
   */
  public RequestException(int errorCode, String message) {
    super(message);
    this.errorCode = errorCode;
  }

  /** The gateway's {@link dev.gatesvr.proto.ErrorCode}, 0 when the gateway did not say anything. */
  public int errorCode() {
    return errorCode;
  }
}
