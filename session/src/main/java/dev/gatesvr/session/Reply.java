package dev.gatesvr.session;

import com.google.protobuf.ByteString;
import java.util.Map;

/** How a request ended upstream. */
public sealed interface Reply {
  /**
   * The upstream answered.
   *
   * @param code the upstream's own code, 200 for success
   */
  record Answer(int code, String message, ByteString data, Map<String, String> headers)
      implements Reply {}

  /**
   * It did not.
   *
   * @param code an {@link dev.gatesvr.proto.ErrorCode}
   * @param outcomeUnknown true when it may have run and nobody knows
   */
  record Failure(int code, String message, String detail, boolean outcomeUnknown)
      implements Reply {}
}
