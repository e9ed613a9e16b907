package dev.gatesvr.proto;

/** The {@code error_code} of an {@link ErrorMessage} (PROTOCOL.md §2). */
public final class ErrorCode {
  /** Malformed message, unknown type, or a sequence out of order. */
  public static final int MALFORMED = 400;

  /** Not authenticated: START was refused or did not come first. */
  public static final int UNAUTHENTICATED = 401;

  /** Not allowed in this state. */
  public static final int WRONG_STATE = 403;

  /** No such zone or target. */
  public static final int NOT_FOUND = 404;

  /** A newer login of the same OpenID took over. */
  public static final int REPLACED = 409;

  /** The position asked for can no longer be replayed; a fresh session was started. */
  public static final int POSITION_GONE = 410;

  /** The resume token is not, or no longer, good: log in with a START without one. */
  public static final int RESUME_REFUSED = 411;

  /** This gateway is the standby of its pair; the answer names the primary. */
  public static final int NOT_PRIMARY = 421;

  /** Too many requests outstanding, or too much unacknowledged. */
  public static final int RATE_LIMITED = 429;

  /** The upstream failed. */
  public static final int UPSTREAM_FAILED = 500;

  /** Overloaded, stopping, or no upstream serves the zone. */
  public static final int UNAVAILABLE = 503;

  /** The upstream did not answer within its deadline; whether it ran is unknown. */
  public static final int UPSTREAM_DEADLINE = 504;

  private ErrorCode() {}
}
