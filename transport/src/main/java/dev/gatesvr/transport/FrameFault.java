package dev.gatesvr.transport;

import dev.gatesvr.proto.CloseCode;

/** What was wrong with bytes that did not make a message. */
public enum FrameFault {
  /** A frame of length zero. */
  EMPTY(CloseCode.MALFORMED, "frame length: 0 (expected: 1 to 1048576)"),
  /** A length above the cap, seen before any of the body was buffered. */
  TOO_LARGE(CloseCode.FRAME_TOO_LARGE, "frame length above 1048576"),
  /** A body that does not parse as the expected message. */
  NOT_PROTOBUF(CloseCode.MALFORMED, "frame body is not the expected protobuf message"),
  /** The peer ended its stream inside a frame. */
  TRUNCATED(CloseCode.MALFORMED, "stream ended inside a frame"),
  /** A second stream on a connection that carries one. */
  EXTRA_STREAM(CloseCode.MALFORMED, "more than one stream on a connection");

  private final CloseCode closeCode;
  private final String detail;

  FrameFault(CloseCode closeCode, String detail) {
    this.closeCode = closeCode;
    this.detail = detail;
  }

  /** The code the connection should be closed with. */
  public CloseCode closeCode() {
    return closeCode;
  }

  /** What was found and what was expected, for the peer. */
  public String detail() {
    return detail;
  }
}
