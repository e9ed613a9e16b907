package dev.gatesvr.bench.baseline;

import static dev.gatesvr.proto.Limits.FRAME_HEADER_BYTES;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.ClientRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;

/**
 * Sends a request back, and then what it carries as its payload: one frame, as often as its {@code
 * seq_id} says. All of it goes to the stream at once, in pieces as large as the gateway's; the
 * stream sends what the windows allow.
 */
final class RepeatStream extends FrameStream {
  private static final int PIECE_BYTES = 16 * 1024;

  @Override
  void onFrame(ChannelHandlerContext ctx, ByteBuf frame) {
    ClientRequest request = parse(frame);
    byte[] body = request.getPayload().toByteArray();
    long left = request.getSeqId();
    ByteBuf piece = ctx.alloc().directBuffer(PIECE_BYTES);
    piece.writeBytes(frame);
    while (left > 0) {
      piece.writeInt(body.length).writeBytes(body);
      left--;
      if (left > 0 && piece.readableBytes() >= PIECE_BYTES) {
        // The channel releases the buffer; a stream that has ended needs no answer.
        var unused = ctx.write(piece);
        piece = ctx.alloc().directBuffer(PIECE_BYTES);
      }
    }
    var unused = ctx.writeAndFlush(piece);
  }

  private static ClientRequest parse(ByteBuf frame) {
    try {
      return ClientRequest.parseFrom(
          ByteBufUtil.getBytes(
              frame,
              frame.readerIndex() + FRAME_HEADER_BYTES,
              frame.readableBytes() - FRAME_HEADER_BYTES));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("frame: no ClientRequest", e);
    }
  }
}
