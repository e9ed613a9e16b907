package dev.gatesvr.transport.quic;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.Limits;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One QUIC connection on the listening side, from its first packet to its end. One per connection.
 *
 * <pre>
 *   HANDSHAKE --&gt; WAITING (for the stream) --&gt; ATTACHED
 * </pre>
 *
 * HANDSHAKE and WAITING together may take as long as a first message.
 *
 * @param <I> the message type the peer sends
 */
final class AcceptingHandler<I> extends ChannelInboundHandlerAdapter {
  private enum State {
    HANDSHAKE,
    WAITING,
    ATTACHED
  }

  private final QuicChannel channel;
  private final ConnectionGate gate;
  private final QuicAttachment<I> attachment;

  private State state = State.HANDSHAKE;
  private @Nullable Future<?> streamDeadline;

  AcceptingHandler(QuicChannel channel, ConnectionGate gate, QuicAttachment.Wiring<I> wiring) {
    this.channel = channel;
    this.gate = gate;
    this.attachment = new QuicAttachment<>(channel, wiring);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (!gate.began(channel)) {
      attachment.close(CloseCode.OVERLOADED);
      return;
    }
    streamDeadline =
        ctx.executor()
            .schedule(
                () -> attachment.close(CloseCode.FIRST_MESSAGE_TIMEOUT),
                Limits.FIRST_MESSAGE_TIMEOUT_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    state = State.WAITING;
    CloseCode refusal = gate.finished();
    if (refusal != null) {
      attachment.close(refusal);
    }
    ctx.fireChannelActive();
  }

  /** The codec offers a stream when it has its first bytes, and registers it if it is passed on. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    QuicStreamChannel stream = (QuicStreamChannel) message;
    if (state == State.WAITING && stream.type() == QuicStreamType.BIDIRECTIONAL) {
      state = State.ATTACHED;
      cancelDeadline();
      attachment.attachTo(stream);
    } else {
      stream.config().setAutoRead(false);
      attachment.extraStream();
    }
    ctx.fireChannelRead(stream);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof QuicConnectionCloseEvent close) {
      attachment.peerClosing(close);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    attachment.closed();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    cancelDeadline();
    gate.ended(channel, state != State.HANDSHAKE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    attachment.failed(cause);
  }

  private void cancelDeadline() {
    if (streamDeadline != null) {
      streamDeadline.cancel(false);
      streamDeadline = null;
    }
  }
}
