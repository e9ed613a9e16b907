package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import java.util.concurrent.TimeUnit;

/** What a START that was refused asks the client to do. */
sealed interface StartRefusal {
  /** Come back without a position: the one it named can no longer be replayed. */
  record Forget() implements StartRefusal {}

  /** Come back, not before {@code afterNanos}. */
  record Later(long afterNanos) implements StartRefusal {}

  /** Do not come back. */
  record Never(CloseCode code) implements StartRefusal {}

  static StartRefusal of(ErrorMessage error) {
    return switch (error.getErrorCode()) {
      case ErrorCode.POSITION_GONE -> new Forget();
      case ErrorCode.RATE_LIMITED,
          ErrorCode.UPSTREAM_FAILED,
          ErrorCode.UNAVAILABLE,
          ErrorCode.UPSTREAM_DEADLINE ->
          new Later(TimeUnit.MILLISECONDS.toNanos(error.getRetryAfterMs()));
      default -> {
        CloseCode code = CloseCode.ofWire(error.getErrorCode());
        boolean terminal = code != CloseCode.CONNECTION_LOST && !code.reconnect();
        yield new Never(terminal ? code : CloseCode.UNAUTHENTICATED);
      }
    };
  }
}
