package dev.gatesvr.upstream.grpc;

/** The {@code error_code}s of a push that this edge answers itself. */
public final class PushErrors {
  /** {@code target_type} is none of the wire's. */
  public static final String INVALID_TARGET_TYPE = "INVALID_TARGET_TYPE";

  /** {@code target_id} is empty or too long. */
  public static final String INVALID_TARGET_ID = "INVALID_TARGET_ID";

  /** A target type of the wire that this gateway does not serve. */
  public static final String UNSUPPORTED_TARGET = "UNSUPPORTED_TARGET";

  /** A BEFORE or AFTER push that names no request. */
  public static final String INVALID_BINDING = "INVALID_BINDING";

  /** {@code POLICY_LATEST} without a key of 1 to 64 bytes. */
  public static final String INVALID_KEY = "INVALID_KEY";

  /** The gateway does not lead its pair; nothing was kept. Also a broadcast's message. */
  public static final String NOT_PRIMARY = "NOT_PRIMARY";

  /** The gateway was deposed while it had the push; its successor may have it. */
  public static final String OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";

  /** A fault of the gateway. */
  public static final String INTERNAL = "INTERNAL";

  private PushErrors() {}
}
