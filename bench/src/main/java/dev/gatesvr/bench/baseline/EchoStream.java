package dev.gatesvr.bench.baseline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Sends every frame back. */
final class EchoStream extends FrameStream {
  @Override
  void onFrame(ChannelHandlerContext ctx, ByteBuf frame) {
    out(ctx).writeBytes(frame);
  }
}
