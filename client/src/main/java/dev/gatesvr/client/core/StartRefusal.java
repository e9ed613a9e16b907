package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;

/** What a START that was refused asks the client to do. */
sealed interface StartRefusal {
  /** Log in on this connection: the resume token is not good. */
  record Login() implements StartRefusal {}

  /** Come back without a position: the one it named can no longer be replayed. */
  record Forget() implements StartRefusal {}

  /** Come back, not before {@code afterNanos}. */
  record Later(long afterNanos) implements StartRefusal {}

  /** Do not come back. */
  record Never(CloseCode code) implements StartRefusal {}

  /**
   * @param resuming whether START presented a resume token
   */
  static StartRefusal of(ErrorMessage error, boolean resuming) {
    Later later = new Later(Departure.waitNanos(error.getRetryAfterMs()));
    return switch (error.getErrorCode()) {
      case ErrorCode.RESUME_REFUSED -> resuming ? new Login() : later;
      case ErrorCode.POSITION_GONE -> new Forget();
      case ErrorCode.RATE_LIMITED,
          ErrorCode.UPSTREAM_FAILED,
          ErrorCode.UNAVAILABLE,
          ErrorCode.UPSTREAM_DEADLINE ->
          later;
      default -> {
        CloseCode code = CloseCode.ofWire(error.getErrorCode());
        boolean terminal = code != CloseCode.CONNECTION_LOST && !code.reconnect();
        yield new Never(terminal ? code : CloseCode.UNAUTHENTICATED);
      }
    };
  }
}
