package dev.gatesvr.proto;

/**
 * Bounds that belong to the protocol itself, each with its reason. Bounds that an operator may want
 * to change are in the configuration records of their module instead.
 */
public final class Limits {
  /** Bytes of the big-endian length that precedes every message (PROTOCOL.md §1). */
  public static final int FRAME_HEADER_BYTES = 4;

  /** Longest message, both directions: GateSvr's cap, checked before a body is read. */
  public static final int FRAME_BYTES_MAX = 1_048_576;

  /** Longest OpenID in UTF-8 bytes; it is a map key in several indexes, so it must stay small. */
  public static final int OPENID_BYTES_MAX = 128;

  /** Longest authentication token in UTF-8 bytes; fits a JWT with a few claims. */
  public static final int AUTH_TOKEN_BYTES_MAX = 8_192;

  /** Longest key of a POLICY_LATEST push in UTF-8 bytes; one per state that a client shows. */
  public static final int PUSH_KEY_BYTES_MAX = 64;

  /** What a position adds to a message at most: a tag and a ten-byte varint. */
  public static final int POSITION_BYTES_MAX = 11;

  /** Attributes of a session; they ride on every later request of it, so there are few. */
  public static final int ATTRIBUTES_MAX = 32;

  /** Longest name of an attribute in UTF-8 bytes; see {@link #ATTRIBUTES_MAX}. */
  public static final int ATTRIBUTE_NAME_BYTES_MAX = 64;

  /** Longest value of an attribute in UTF-8 bytes; see {@link #ATTRIBUTES_MAX}. */
  public static final int ATTRIBUTE_VALUE_BYTES_MAX = 256;

  /** How long a peer may take from connecting to its first complete message. */
  public static final long FIRST_MESSAGE_TIMEOUT_MILLIS = 10_000;

  /** Application protocol of the QUIC handshake. */
  public static final String ALPN = "gatesvr";

  private Limits() {}
}
