package dev.gatesvr.bench.baseline;

import static dev.gatesvr.proto.Limits.FRAME_BYTES_MAX;
import static dev.gatesvr.proto.Limits.FRAME_HEADER_BYTES;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into frames of a 4-byte length and a body, and writes frames back: all those of one
 * turn of the loop in one write.
 */
abstract class FrameStream extends LengthFieldBasedFrameDecoder {
  private static final int BATCH_BYTES_MIN = 1_024;

  private @Nullable ByteBuf batch;
  private boolean reading;
  private boolean scheduled;

  FrameStream() {
    super(FRAME_BYTES_MAX + FRAME_HEADER_BYTES, 0, FRAME_HEADER_BYTES);
  }

  /**
   * One frame with its length.
   *
   * @param frame valid during the call
   */
  abstract void onFrame(ChannelHandlerContext ctx, ByteBuf frame);

  /** What to append frames to; they leave with the end of this turn. */
  final ByteBuf out(ChannelHandlerContext ctx) {
    ByteBuf out = batch;
    if (out == null) {
      out = ctx.alloc().directBuffer(BATCH_BYTES_MIN);
      batch = out;
      if (!reading && !scheduled) {
        scheduled = true;
        ctx.executor()
            .execute(
                () -> {
                  scheduled = false;
                  writeBatch(ctx);
                });
      }
    }
    return out;
  }

  @Override
  protected final @Nullable Object decode(ChannelHandlerContext ctx, ByteBuf in) throws Exception {
    reading = true;
    ByteBuf frame = (ByteBuf) super.decode(ctx, in);
    if (frame == null) {
      return null;
    }
    try {
      onFrame(ctx, frame);
    } finally {
      frame.release();
    }
    // Nothing for the pipeline; the decoder goes on as long as bytes are consumed.
    return null;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    super.channelReadComplete(ctx);
    reading = false;
    writeBatch(ctx);
  }

  private void writeBatch(ChannelHandlerContext ctx) {
    ByteBuf out = batch;
    if (out != null) {
      batch = null;
      // The channel releases the buffer; a stream that has ended needs no answer.
      var unused = ctx.writeAndFlush(out);
    }
  }

  @Override
  protected final void handlerRemoved0(ChannelHandlerContext ctx) {
    ByteBuf out = batch;
    if (out != null) {
      batch = null;
      out.release();
    }
  }
}
