package dev.gatesvr.transport.quic;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Turns the flushes that connections of one UDP socket ask for into one system call per turn of the
 * loop: at the end of the read burst that caused them, else in one task. One per socket.
 */
final class FlushCoalescer extends ChannelDuplexHandler {
  /** Held back at most: enough for one sendmmsg, little enough to stay in the cache. */
  private static final int HELD_FLUSHES_MAX = 64;

  private boolean inReadBurst;
  private boolean taskScheduled;
  private int heldFlushes;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    inReadBurst = true;
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    inReadBurst = false;
    release(ctx);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    heldFlushes++;
    if (heldFlushes >= HELD_FLUSHES_MAX) {
      release(ctx);
    } else if (!inReadBurst && !taskScheduled) {
      taskScheduled = true;
      ctx.executor()
          .execute(
              () -> {
                taskScheduled = false;
                release(ctx);
              });
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!ctx.channel().isWritable()) {
      release(ctx);
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    release(ctx);
    // The promise is the caller's to watch.
    var unused = ctx.close(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release(ctx);
  }

  private void release(ChannelHandlerContext ctx) {
    if (heldFlushes > 0) {
      heldFlushes = 0;
      ctx.flush();
    }
  }
}
