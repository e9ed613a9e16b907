package dev.gatesvr.transport.frame;

import static dev.gatesvr.proto.Limits.FRAME_BYTES_MAX;
import static dev.gatesvr.proto.Limits.FRAME_HEADER_BYTES;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes messages as frames, straight into the memory of a buffer (PROTOCOL.md §1). */
public final class FrameEncoder {
  private FrameEncoder() {}

  /** True when a message of {@code bodyBytes} may be sent as a frame: empty ones may not. */
  public static boolean fits(int bodyBytes) {
    return FrameLength.faultOf(bodyBytes) == null;
  }

  /**
   * Appends one frame to {@code out}, growing it if needed.
   *
   * @param bodyBytes {@link MessageLite#getSerializedSize} of {@code message}
   * @throws IllegalArgumentException if the message does not fit a frame
   */
  public static void encode(MessageLite message, int bodyBytes, ByteBuf out) {
    if (!fits(bodyBytes)) {
      throw new IllegalArgumentException(
          "frame length: " + bodyBytes + " (expected: 1 to " + FRAME_BYTES_MAX + ")");
    }
    out.ensureWritable(FRAME_HEADER_BYTES + bodyBytes);
    out.writeInt(bodyBytes);
    int start = out.writerIndex();
    try {
      CodedOutputStream body = bodyStream(out, start, bodyBytes);
      message.writeTo(body);
      body.flush();
      body.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("a message changed while it was written", e);
    }
    out.writerIndex(start + bodyBytes);
  }

  private static CodedOutputStream bodyStream(ByteBuf out, int start, int bodyBytes) {
    return out.hasArray()
        ? CodedOutputStream.newInstance(out.array(), out.arrayOffset() + start, bodyBytes)
        : CodedOutputStream.newInstance(out.internalNioBuffer(start, bodyBytes));
  }
}
