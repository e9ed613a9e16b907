package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.StartResponse;
import java.util.List;

/** What a START that was refused asks the client to do. */
sealed interface StartRefusal {
  /** Log in on this connection: the resume token is not good. */
  record Login() implements StartRefusal {}

  /** Come back without a position: the one it named can no longer be replayed. */
  record Forget() implements StartRefusal {}

  /** Come back, not before {@code afterNanos}. */
  record Later(long afterNanos) implements StartRefusal {}

  /**
   * Go to the primary: this is the standby of its pair, and the session is not the worse for it.
   *
   * @param primary one address, or none when the standby knows none
   * @param afterNanos how long to wait before this one is asked again
   */
  record Elsewhere(List<ServerAddress> primary, long afterNanos) implements StartRefusal {}

  /** Do not come back. */
  record Never(CloseCode code) implements StartRefusal {}

  /**
   * @param resuming whether START presented a resume token
   */
  static StartRefusal of(StartResponse response, boolean resuming) {
    ErrorMessage error = response.getError();
    Later later = new Later(Departure.waitNanos(error.getRetryAfterMs()));
    return switch (error.getErrorCode()) {
      case ErrorCode.RESUME_REFUSED -> resuming ? new Login() : later;
      case ErrorCode.POSITION_GONE -> new Forget();
      case ErrorCode.NOT_PRIMARY ->
          new Elsewhere(PairAddresses.primaryOf(response), later.afterNanos());
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
