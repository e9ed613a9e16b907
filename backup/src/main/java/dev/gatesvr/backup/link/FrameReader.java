package dev.gatesvr.backup.link;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.PairFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;

/**
 * Cuts the stream into frames.
 *
 * <pre>
 *  0               4
 *  +---------------+---------------+
 *  | length u32 BE |   PairFrame   |   length 1 to framesUpTo
 *  +---------------+---------------+
 * </pre>
 *
 * <p>Holds what came of one frame, never more than about twice its announced length. After {@link
 * #stop} bytes are dropped unread. A fault is a {@link CorruptedFrameException}; the connection
 * stops the reader then. Confined to its connection's loop.
 */
final class FrameReader extends ByteToMessageDecoder {
  static final int HEADER_BYTES = 4;

  /** Content types of TLS records, RFC 8446 section 5.1, and their legacy major version. */
  private static final int TLS_TYPE_MIN = 20;

  private static final int TLS_TYPE_MAX = 23;
  private static final int TLS_MAJOR = 3;

  private int frameBytesMax = LinkSettings.HELLO_BYTES_MAX;
  private boolean stopped;

  /** Takes frames of up to so many bytes from now on. */
  void framesUpTo(int bytes) {
    frameBytesMax = bytes;
  }

  void stop() {
    stopped = true;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (stopped) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (in.readableBytes() < HEADER_BYTES) {
      return;
    }
    int length = in.getInt(in.readerIndex());
    if (length < 1 || length > frameBytesMax) {
      throw new CorruptedFrameException(
          looksLikeTls(length)
              ? "TLS on a link in the clear (expected: backup.link the same on both nodes)"
              : "frame: %s bytes (expected: 1 to %d)"
                  .formatted(Integer.toUnsignedString(length), frameBytesMax));
    }
    if (in.readableBytes() < HEADER_BYTES + length) {
      return;
    }
    try {
      out.add(PairFrame.parseFrom(in.nioBuffer(in.readerIndex() + HEADER_BYTES, length)));
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptedFrameException("frame: not a PairFrame", e);
    }
    in.skipBytes(HEADER_BYTES + length);
  }

  private static boolean looksLikeTls(int firstBytes) {
    int type = firstBytes >>> 24;
    return type >= TLS_TYPE_MIN && type <= TLS_TYPE_MAX && (firstBytes >> 16 & 0xff) == TLS_MAJOR;
  }
}
