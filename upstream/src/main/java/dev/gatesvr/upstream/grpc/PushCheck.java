package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.route.Printable;
import org.jspecify.annotations.Nullable;

/** What a push must fulfil before anybody looks for its player. Pure. */
final class PushCheck {
  /** Longer than any OpenID or session id, short enough for a map key. */
  static final int TARGET_ID_CHARS_MAX = 256;

  private PushCheck() {}

  /** The refusal of a push that cannot be served, null when it is well formed. */
  static @Nullable UnicastPushResponse refusal(UnicastPushRequest request) {
    switch (request.getTargetType()) {
      case "session", "openid" -> {}
      case "gid" -> {
        return refused(
            PushErrors.UNSUPPORTED_TARGET, "target_type: \"gid\" (groups are not served yet)");
      }
      default -> {
        return refused(
            PushErrors.INVALID_TARGET_TYPE,
            "target_type: "
                + Printable.quoted(request.getTargetType())
                + " (expected: session or openid)");
      }
    }
    int length = request.getTargetId().length();
    if (length == 0 || length > TARGET_ID_CHARS_MAX) {
      return refused(
          PushErrors.INVALID_TARGET_ID,
          "target_id: " + length + " characters (expected: 1 to " + TARGET_ID_CHARS_MAX + ")");
    }
    if (bound(request) && request.getBindClientSeqId() == 0) {
      return refused(
          PushErrors.INVALID_BINDING,
          "bind_client_seq_id: 0 (expected: the request that " + request.getSyncHint() + " means)");
    }
    return null;
  }

  /** The request with a hint that this version knows; unknown enum values are tolerated. */
  static UnicastPushRequest withKnownHint(UnicastPushRequest request) {
    return request.getSyncHint() == NotifySyncHint.UNRECOGNIZED
        ? request.toBuilder().setSyncHint(NotifySyncHint.NSH_IMMEDIATELY).build()
        : request;
  }

  private static boolean bound(UnicastPushRequest request) {
    return request.getSyncHint() == NotifySyncHint.NSH_BEFORE_RESPONSE
        || request.getSyncHint() == NotifySyncHint.NSH_AFTER_RESPONSE;
  }

  private static UnicastPushResponse refused(String code, String message) {
    return UnicastPushResponse.newBuilder().setErrorCode(code).setMessage(message).build();
  }
}
