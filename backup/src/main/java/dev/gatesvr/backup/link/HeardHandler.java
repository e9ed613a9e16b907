package dev.gatesvr.backup.link;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Notes when bytes come, below TLS. Confined to its connection's loop. */
final class HeardHandler extends ChannelInboundHandlerAdapter {
  private long lastNanos = System.nanoTime();
  private long excusedNanos = lastNanos;

  /** When the last bytes came; before the first, when the socket was made. */
  long lastNanos() {
    return lastNanos;
  }

  /** Silence before {@code nanos} does not count. */
  void excuseUntil(long nanos) {
    excusedNanos = nanos;
  }

  /** Since when nothing came that should have. */
  long quietSinceNanos() {
    return lastNanos - excusedNanos > 0 ? lastNanos : excusedNanos;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    lastNanos = System.nanoTime();
    context.fireChannelRead(bytes);
  }
}
