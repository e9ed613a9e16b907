package dev.gatesvr.transport.frame;

import static dev.gatesvr.proto.Limits.FRAME_BYTES_MAX;

import dev.gatesvr.transport.FrameFault;
import org.jspecify.annotations.Nullable;

/** The rule for the length that precedes every message (PROTOCOL.md §1). */
public final class FrameLength {
  private FrameLength() {}

  /**
   * What is wrong with a length, or null when a body of that many bytes may follow.
   *
   * @param length the four bytes as read, big-endian; the wire's number is unsigned
   */
  public static @Nullable FrameFault faultOf(int length) {
    if (length == 0) {
      return FrameFault.EMPTY;
    }
    return Integer.compareUnsigned(length, FRAME_BYTES_MAX) > 0 ? FrameFault.TOO_LARGE : null;
  }
}
