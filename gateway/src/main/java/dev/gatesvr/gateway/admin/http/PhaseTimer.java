package dev.gatesvr.gateway.admin.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection that stays too long in one phase. First in the pipeline, where it sees the
 * first byte of a request and not only the whole of it. Confined to the loop.
 */
final class PhaseTimer extends ChannelInboundHandlerAdapter {
  /** What the connection is doing. */
  enum Phase {
    /** Nothing of the next request has come. */
    IDLE,
    /** Some of a request has come, or is awaited on a new connection. */
    READING,
    /** From a whole request to the last byte of its answer. */
    ANSWERING
  }

  private static final Logger log = LoggerFactory.getLogger(PhaseTimer.class);

  private final HttpLimits limits;
  private Phase phase = Phase.READING;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> closing;

  PhaseTimer(HttpLimits limits) {
    this.limits = limits;
  }

  void enter(Phase next) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || !ctx.channel().isOpen()) {
      return;
    }
    cancel();
    phase = next;
    closing = ctx.executor().schedule(() -> close(ctx), nanosOf(next), TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    enter(Phase.READING);
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    if (phase == Phase.IDLE) {
      enter(Phase.READING);
    }
    ctx.fireChannelRead(bytes);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancel();
    ctx.fireChannelInactive();
  }

  private void close(ChannelHandlerContext ctx) {
    log.debug("{}: too long in {}", ctx.channel().remoteAddress(), phase);
    var unused = ctx.close();
  }

  private void cancel() {
    if (closing != null) {
      closing.cancel(false);
      closing = null;
    }
  }

  private long nanosOf(Phase of) {
    Duration timeout =
        switch (of) {
          case IDLE -> limits.idleTimeout();
          case READING -> limits.requestTimeout();
          case ANSWERING -> limits.answerTimeout();
        };
    return timeout.toNanos();
  }
}
