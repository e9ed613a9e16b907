package dev.gatesvr.proto;

/**
 * Why a connection ended: the application close code of QUIC, and what every other transport maps
 * its own close to. Each code says whether the client should reconnect, as in Centrifuge's {@code
 * disconnect.go}. The table in {@code proto/README.md} is checked against this enum by a test.
 */
public enum CloseCode {
  NORMAL(0, false, "the session was stopped, or the peer is done"),
  MALFORMED(400, false, "the peer sent something that is not the protocol"),
  UNAUTHENTICATED(401, false, "the start was refused, or the first message was not START"),
  KICKED(403, false, "an operator ended the session"),
  FIRST_MESSAGE_TIMEOUT(408, true, "no complete first message within 10 s"),
  REPLACED(409, false, "a newer login of the same OpenID took over"),
  REATTACHED(410, true, "the same session is attached through a newer connection"),
  FRAME_TOO_LARGE(413, false, "a frame announced more than 1 MiB"),
  ACK_INVALID(422, false, "an acknowledgement above what was sent"),
  INTERNAL(500, true, "a fault of the gateway"),
  OVERLOADED(503, true, "the gateway takes no more connections now"),
  DEAD_PEER(504, true, "no acknowledgement for ack_timeout × max_retries, or no heartbeat"),
  SLOW_CONSUMER(509, true, "the peer does not read what is sent to it"),
  GOING_AWAY(521, true, "the gateway is shutting down"),
  /** Local only: the transport lost the peer; never on the wire as an application code. */
  CONNECTION_LOST(599, true, "the connection was lost");

  private final int wireCode;
  private final boolean reconnect;
  private final String meaning;

  CloseCode(int wireCode, boolean reconnect, String meaning) {
    this.wireCode = wireCode;
    this.reconnect = reconnect;
    this.meaning = meaning;
  }

  /** The number on the wire. */
  public int wireCode() {
    return wireCode;
  }

  /** True when the client should reconnect, with backoff; false when trying again cannot help. */
  public boolean reconnect() {
    return reconnect;
  }

  /** One line for people. */
  public String meaning() {
    return meaning;
  }

  /**
   * The code for a number from the wire. An unknown number is taken as {@link #CONNECTION_LOST}, so
   * that an older client reconnects rather than giving up on a code it does not know.
   */
  public static CloseCode ofWire(long wireCode) {
    for (CloseCode code : values()) {
      if (code.wireCode == wireCode) {
        return code;
      }
    }
    return CONNECTION_LOST;
  }
}
