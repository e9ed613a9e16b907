package dev.gatesvr.transport.quic;

import com.google.protobuf.Parser;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.frame.FrameHandler;
import dev.gatesvr.transport.frame.FramedConnection;
import dev.gatesvr.transport.loop.IoLoops;
import io.netty.channel.ChannelHandler;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tie between a QUIC connection and the {@link FramedConnection} on its one stream: passes on
 * what happens to the former. Confined to its loop.
 *
 * @param <I> the message type the peer sends
 */
final class QuicAttachment<I> {
  /** Read from a stream at once; measured with coalesced flushes: 15 % over the default. */
  private static final int STREAM_READ_BYTES = 16_384;

  private static final Logger log = LoggerFactory.getLogger(QuicAttachment.class);

  private final QuicChannel channel;
  private final Wiring<I> wiring;
  private final QuicEdge edge;

  private @Nullable FramedConnection<I> connection;
  private @Nullable CloseReason peerReason;

  /**
   * What every connection of a listener or connector shares.
   *
   * @param loops where connection ids come from
   */
  record Wiring<I>(
      IoLoops loops,
      ConnectionAcceptor<I> acceptor,
      Parser<I> parser,
      TransportObserver observer) {}

  QuicAttachment(QuicChannel channel, Wiring<I> wiring) {
    this.channel = channel;
    this.wiring = wiring;
    this.edge = new QuicEdge(channel);
  }

  private ChannelHandler streamHandler() {
    return new FrameHandler<>(
        wiring.loops().nextConnectionId(),
        edge,
        wiring.acceptor(),
        wiring.parser(),
        wiring.observer(),
        opened -> connection = opened);
  }

  /** Makes a stream the one that carries the connection. */
  void attachTo(QuicStreamChannel stream) {
    stream.config().setAllowHalfClosure(true);
    stream.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(STREAM_READ_BYTES));
    stream.pipeline().addLast(streamHandler());
    stream
        .closeFuture()
        .addListener(
            closed -> {
              if (connection != null && channel.isActive()) {
                connection.streamFailed(new ClosedChannelException());
              }
            });
  }

  /** The connection, once its stream is there. */
  @Nullable FramedConnection<I> connection() {
    return connection;
  }

  /** The peer opened a stream that it must not open. */
  void extraStream() {
    if (connection == null) {
      edge.close(FrameFault.EXTRA_STREAM.closeCode());
    } else {
      connection.fault(FrameFault.EXTRA_STREAM);
    }
  }

  /** The peer closes. What came in the same packet is still delivered, then it is over. */
  void peerClosing(QuicConnectionCloseEvent event) {
    CloseReason why = reasonOf(event);
    peerReason = why;
    if (connection != null) {
      connection.peerClosing(why);
    }
    edge.close(CloseCode.NORMAL);
  }

  /** A peer's close as a reason: its application code, or a transport error, which has none. */
  static CloseReason reasonOf(QuicConnectionCloseEvent event) {
    String text = textOf(event);
    if (!event.isApplicationClose()) {
      String detail = "transport error " + event.error() + " " + text;
      return new CloseReason(CloseCode.CONNECTION_LOST, true, detail.strip());
    }
    CloseCode code = CloseCode.ofWire(Integer.toUnsignedLong(event.error()));
    String detail = code == CloseCode.CONNECTION_LOST ? "code " + event.error() + " " + text : text;
    return new CloseReason(code, true, detail.strip());
  }

  private static String textOf(QuicConnectionCloseEvent event) {
    try {
      return new String(event.reason(), StandardCharsets.UTF_8);
    } catch (NullPointerException e) {
      // Netty 4.2.18 copies the reason without looking whether the peer gave one; most give none.
      return "";
    }
  }

  /** The QUIC connection is gone. */
  void closed() {
    if (connection != null) {
      String detail = channel.isTimedOut() ? "idle timeout" : "";
      connection.closed(new CloseReason(CloseCode.CONNECTION_LOST, false, detail));
    }
  }

  /** Why the peer closed, if it did. */
  @Nullable CloseReason peerReason() {
    return peerReason;
  }

  /** Something threw on the QUIC connection's pipeline: the peer's fault, or a defect of ours. */
  void failed(Throwable cause) {
    if (cause instanceof RuntimeException || cause instanceof Error) {
      log.warn("{}: a handler failed", edge.remoteAddress(), cause);
      edge.close(CloseCode.INTERNAL);
    } else {
      // A failed handshake or a broken packet: the codec closes the connection where it must.
      log.debug("{}: {}", edge.remoteAddress(), String.valueOf(cause));
    }
  }

  /** Closes without a word to the handler's peer beyond the code. */
  void close(CloseCode code) {
    edge.close(code);
  }
}
