package dev.gatesvr.session;

/**
 * Why a request was turned away before it ran. It consumed no sequence, so the client may send the
 * same one again.
 *
 * @param code an {@link dev.gatesvr.proto.ErrorCode}
 * @param message one line for the client's log
 * @param retryAfterMillis how long to wait first
 */
public record Refusal(int code, String message, int retryAfterMillis) {
  static final int RETRY_AFTER_FULL_MILLIS = 100;
}
