package dev.gatesvr.bench.baseline;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/**
 * Flushes a UDP socket once for each read burst, and once for all flushes of a turn outside of one:
 * the policy of {@code transport.quic}. One per socket.
 */
final class FlushOncePerTurn extends ChannelDuplexHandler {
  private boolean reading;
  private boolean scheduled;
  private boolean wanted;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object datagram) {
    reading = true;
    ctx.fireChannelRead(datagram);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    reading = false;
    flushWanted(ctx);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    wanted = true;
    if (!reading && !scheduled) {
      scheduled = true;
      ctx.executor()
          .execute(
              () -> {
                scheduled = false;
                flushWanted(ctx);
              });
    }
  }

  private void flushWanted(ChannelHandlerContext ctx) {
    if (wanted) {
      wanted = false;
      ctx.flush();
    }
  }
}
