package dev.gatesvr.transport.quic;

import dev.gatesvr.transport.CloseReason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One QUIC connection on the connecting side. One per connection.
 *
 * @param <I> the message type the peer sends
 */
final class ConnectingHandler<I> extends ChannelInboundHandlerAdapter {
  private final QuicAttachment.Wiring<I> wiring;
  private @Nullable QuicAttachment<I> attachment;
  private @Nullable Throwable handshakeFailure;

  ConnectingHandler(QuicAttachment.Wiring<I> wiring) {
    this.wiring = wiring;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    attachment = new QuicAttachment<>((QuicChannel) ctx.channel(), wiring);
  }

  QuicAttachment<I> attachment() {
    if (attachment == null) {
      throw new IllegalStateException("attachment: none (expected: the channel is registered)");
    }
    return attachment;
  }

  /** The cause of a failed connect: what the handshake or the peer said, where they said it. */
  Throwable moreExact(Throwable cause) {
    if (handshakeFailure != null) {
      return handshakeFailure;
    }
    CloseReason said = attachment == null ? null : attachment.peerReason();
    return said == null ? cause : new IOException("refused: " + said.detail(), cause);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof QuicConnectionCloseEvent close) {
      attachment().peerClosing(close);
    } else if (event instanceof SslHandshakeCompletionEvent tls && !tls.isSuccess()) {
      handshakeFailure = tls.cause();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    attachment().closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    attachment().failed(cause);
  }
}
