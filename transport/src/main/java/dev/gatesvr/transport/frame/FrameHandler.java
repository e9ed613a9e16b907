package dev.gatesvr.transport.frame;

import com.google.protobuf.Parser;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.TransportObserver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a {@link FramedConnection} on a Netty stream channel, last in its pipeline. The channel
 * needs {@code ALLOW_HALF_CLOSURE}. One per channel.
 *
 * @param <I> the message type the peer sends
 */
public final class FrameHandler<I> extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(FrameHandler.class);

  private final long connectionId;
  private final ConnectionEdge edge;
  private final ConnectionAcceptor<I> acceptor;
  private final Parser<I> parser;
  private final TransportObserver observer;
  private final Consumer<FramedConnection<I>> opened;

  private @Nullable FramedConnection<I> connection;

  /**
   * A handler that opens its connection when it joins a pipeline.
   *
   * @param opened given the connection after the acceptor has seen it, before its first frame
   */
  public FrameHandler(
      long connectionId,
      ConnectionEdge edge,
      ConnectionAcceptor<I> acceptor,
      Parser<I> parser,
      TransportObserver observer,
      Consumer<FramedConnection<I>> opened) {
    this.connectionId = connectionId;
    this.edge = edge;
    this.acceptor = acceptor;
    this.parser = parser;
    this.observer = observer;
    this.opened = opened;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    try {
      FramedConnection<I> made =
          new FramedConnection<>(connectionId, ctx, edge, acceptor, parser, observer);
      connection = made;
      opened.accept(made);
    } catch (RuntimeException e) {
      // Without a handler there is no connection to end, only a transport.
      log.warn("connection {}: the acceptor failed", connectionId, e);
      edge.close(CloseCode.INTERNAL);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    FramedConnection<I> open = connection;
    if (open == null) {
      bytes.release();
      return;
    }
    open.writer().readBurstStarted();
    open.decoder().read(bytes);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (connection != null) {
      connection.writer().readBurstEnded();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (connection != null && event instanceof ChannelInputShutdownEvent) {
      connection.peerEnded();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (connection == null) {
      log.debug("connection {}: failed before it was open", connectionId, cause);
    } else if (cause instanceof RuntimeException || cause instanceof Error) {
      connection.handlerFailed(cause);
    } else {
      connection.streamFailed(cause);
    }
  }
}
