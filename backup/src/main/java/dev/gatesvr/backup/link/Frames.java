package dev.gatesvr.backup.link;

import com.google.protobuf.CodedOutputStream;
import dev.gatesvr.proto.PairFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A frame to bytes; {@link FrameReader} has the layout. */
final class Frames {
  private Frames() {}

  /** Returns a buffer that the caller owns. */
  static ByteBuf encode(ByteBufAllocator allocator, PairFrame frame) {
    int length = frame.getSerializedSize();
    int bytes = FrameReader.HEADER_BYTES + length;
    ByteBuf buffer = allocator.directBuffer(bytes, bytes);
    buffer.writeInt(length);
    try {
      CodedOutputStream out =
          CodedOutputStream.newInstance(buffer.nioBuffer(FrameReader.HEADER_BYTES, length));
      frame.writeTo(out);
      out.flush();
    } catch (IOException e) {
      buffer.release();
      throw new UncheckedIOException(e);
    }
    return buffer.writerIndex(bytes);
  }
}
