package dev.gatesvr.gateway.admin.http;

import java.util.Map;

/** A request that is answered with an error status and one line for people. */
public final class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Map<String, String> headers;

  public RequestException(int status, String message) {
    this(status, message, Map.of());
  }

  /**
   * @param headers that this status calls for
   */
  public RequestException(int status, String message, Map<String, String> headers) {
    super(message, null, false, false);
    this.status = status;
    this.headers = Map.copyOf(headers);
  }

  public int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }
}
