package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushOutcome;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.route.Printable;
import java.nio.charset.StandardCharsets;
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
    String keyFault = keyFault(request.getPolicy(), request.getKey());
    return keyFault == null ? null : refused(PushErrors.INVALID_KEY, keyFault);
  }

  /** What is wrong with a broadcast, null when it is well formed. */
  static @Nullable String fault(BroadcastRequest request) {
    String keyFault = keyFault(request.getPolicy(), request.getKey());
    return keyFault == null ? null : PushErrors.INVALID_KEY + ": " + keyFault;
  }

  private static @Nullable String keyFault(PushPolicy policy, String key) {
    if (policy != PushPolicy.POLICY_LATEST) {
      return null;
    }
    int bytes = key.getBytes(StandardCharsets.UTF_8).length;
    return bytes >= 1 && bytes <= Limits.PUSH_KEY_BYTES_MAX
        ? null
        : "key: " + bytes + " bytes (expected: 1 to " + Limits.PUSH_KEY_BYTES_MAX + ")";
  }

  /** The request with values that this version knows; unknown enum values are tolerated. */
  static UnicastPushRequest withKnownValues(UnicastPushRequest request) {
    UnicastPushRequest known = request;
    if (request.getSyncHint() == NotifySyncHint.UNRECOGNIZED) {
      known = known.toBuilder().setSyncHint(NotifySyncHint.NSH_IMMEDIATELY).build();
    }
    if (request.getPolicy() == PushPolicy.UNRECOGNIZED) {
      known = known.toBuilder().setPolicy(PushPolicy.POLICY_RELIABLE).build();
    }
    return known;
  }

  /** As {@link #withKnownValues(UnicastPushRequest)}. */
  static BroadcastRequest withKnownValues(BroadcastRequest request) {
    return request.getPolicy() == PushPolicy.UNRECOGNIZED
        ? request.toBuilder().setPolicy(PushPolicy.POLICY_RELIABLE).build()
        : request;
  }

  private static boolean bound(UnicastPushRequest request) {
    return request.getSyncHint() == NotifySyncHint.NSH_BEFORE_RESPONSE
        || request.getSyncHint() == NotifySyncHint.NSH_AFTER_RESPONSE;
  }

  private static UnicastPushResponse refused(String code, String message) {
    return UnicastPushResponse.newBuilder()
        .setErrorCode(code)
        .setMessage(message)
        .setOutcome(PushOutcome.PUSH_REFUSED)
        .build();
  }
}
