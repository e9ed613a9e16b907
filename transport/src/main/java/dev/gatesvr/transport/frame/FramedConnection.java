package dev.gatesvr.transport.frame;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.SendResult;
import dev.gatesvr.transport.TransportObserver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over a stream channel: frames in, frames out, and an orderly end.
 *
 * <pre>
 *            bytes that make no message            close, or no close within FAULT_GRACE
 *   OPEN ------------------------------> FAULTED ----------------------+
 *    |  \  the peer ended its stream                                   v
 *    |   +-----------------------------> ENDED ----------------> CLOSING ----> CLOSED
 *    +--------------------------------------------------------------^
 *                                 close
 * </pre>
 *
 * <p>OPEN, FAULTED and ENDED accept messages; only OPEN delivers them. CLOSING waits until the
 * stream has taken what was sent, for at most {@link #DRAIN_NANOS}, then lingers as long as the
 * edge asks before it closes the transport. CLOSED is entered when the edge reports the end from
 * any state, once.
 */
public final class FramedConnection<I> implements Connection {
  /** The life of a connection; see the class. */
  private enum State {
    OPEN,
    FAULTED,
    ENDED,
    CLOSING,
    CLOSED
  }

  /** How long a close waits for a stream that does not take what was sent. */
  static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long a handler may take to close after a fault, or a peer after it ended its stream. */
  static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger log = LoggerFactory.getLogger(FramedConnection.class);

  private final long id;
  private final Channel stream;
  private final ConnectionEdge edge;
  private final FrameDecoder<I> decoder;
  private final FrameWriter writer;
  private final ConnectionHandler<I> handler;

  private State state = State.OPEN;
  private @Nullable CloseReason reason;
  private @Nullable Future<?> deadline;

  /**
   * Opens the connection: the acceptor is called here, on the loop of {@code context}.
   *
   * @param context where the connection writes; frames are given to it with {@link #decoder}
   */
  FramedConnection(
      long id,
      ChannelHandlerContext context,
      ConnectionEdge edge,
      ConnectionAcceptor<I> acceptor,
      Parser<I> parser,
      TransportObserver observer) {
    this.id = id;
    this.stream = context.channel();
    this.edge = edge;
    this.writer = new FrameWriter(context, observer, new WriterListener());
    this.decoder = new FrameDecoder<>(parser, context.alloc(), observer, new DecoderSink());
    this.handler = acceptor.onOpen(this);
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public String transport() {
    return edge.transport();
  }

  @Override
  public SocketAddress remoteAddress() {
    return edge.remoteAddress();
  }

  @Override
  public Executor loop() {
    return stream.eventLoop();
  }

  @Override
  public boolean onLoop() {
    return stream.eventLoop().inEventLoop();
  }

  @Override
  public SendResult send(MessageLite message) {
    requireLoop();
    return ended() ? SendResult.CLOSED : writer.write(message);
  }

  @Override
  public boolean writable() {
    requireLoop();
    return !ended() && writer.writable();
  }

  @Override
  public void reading(boolean enabled) {
    requireLoop();
    if (state == State.OPEN) {
      stream.config().setAutoRead(enabled);
    }
  }

  @Override
  public void close(CloseCode code) {
    requireLoop();
    beginClose(new CloseReason(code, false, ""));
  }

  private boolean ended() {
    return state == State.CLOSING || state == State.CLOSED;
  }

  private void requireLoop() {
    if (!onLoop()) {
      throw new IllegalStateException(
          "thread: " + Thread.currentThread().getName() + " (expected: the connection's loop)");
    }
  }

  /** Reports a fault that the edge found, such as a second stream. Ignored after the first. */
  public void fault(FrameFault fault) {
    if (state != State.OPEN && state != State.ENDED) {
      return;
    }
    decoder.stop();
    state = State.FAULTED;
    stream.config().setAutoRead(false);
    CloseReason byDefault = new CloseReason(fault.closeCode(), false, fault.detail());
    graceBefore(byDefault);
    try {
      handler.onFault(fault);
    } catch (RuntimeException e) {
      handlerFailed(e);
    }
  }

  /** Ends the connection after what was sent, for a reason that the edge found. */
  public void beginClose(CloseReason why) {
    if (ended()) {
      return;
    }
    if (reason == null) {
      reason = why;
    }
    state = State.CLOSING;
    decoder.stop();
    stream.config().setAutoRead(false);
    schedule(DRAIN_NANOS, this::closeEdge);
    boolean allTaken = writer.pendingBytes() == 0;
    writer.flush();
    if (allTaken) {
      lingerThenClose();
    }
  }

  private void lingerThenClose() {
    long lingerNanos = edge.lingerNanos();
    long quietNanos = System.nanoTime() - writer.lastWriteNanos();
    boolean nothingOnItsWay = writer.lastWriteNanos() == 0 || quietNanos >= lingerNanos;
    if (nothingOnItsWay) {
      closeEdge();
    } else {
      schedule(lingerNanos - quietNanos, this::closeEdge);
    }
  }

  private void closeEdge() {
    cancelDeadline();
    edge.close(reason == null ? CloseCode.CONNECTION_LOST : reason.code());
  }

  /** Notes why the peer is closing; the first reason of either side stands. */
  public void peerClosing(CloseReason why) {
    if (reason == null) {
      reason = why;
    }
  }

  /**
   * The edge has ended and released what it held; tells the handler, once.
   *
   * @param found what the edge knows of the end, used where nothing more exact is known
   */
  public void closed(CloseReason found) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    cancelDeadline();
    decoder.stop();
    writer.close();
    try {
      handler.onClosed(moreExact(reason, found));
    } catch (RuntimeException e) {
      log.warn("connection {}: the handler failed in onClosed", id, e);
    }
  }

  private static CloseReason moreExact(@Nullable CloseReason known, CloseReason found) {
    if (known == null) {
      return found;
    }
    boolean onlyLost = known.code() == CloseCode.CONNECTION_LOST;
    return onlyLost && !found.detail().isEmpty() ? found : known;
  }

  FrameDecoder<I> decoder() {
    return decoder;
  }

  FrameWriter writer() {
    return writer;
  }

  /** The peer will send nothing more; what it asked for may still be answered for a while. */
  void peerEnded() {
    if (state == State.OPEN && decoder.end()) {
      state = State.ENDED;
      graceBefore(new CloseReason(CloseCode.NORMAL, true, "the peer ended its stream"));
    }
  }

  /** The stream failed under the connection. */
  public void streamFailed(Throwable cause) {
    beginClose(new CloseReason(CloseCode.CONNECTION_LOST, false, String.valueOf(cause)));
  }

  /** The handler threw: a fault of ours, which costs this connection and no other. */
  void handlerFailed(Throwable cause) {
    log.warn("connection {}: the handler failed", id, cause);
    beginClose(new CloseReason(CloseCode.INTERNAL, false, String.valueOf(cause)));
  }

  private void graceBefore(CloseReason why) {
    schedule(GRACE_NANOS, () -> beginClose(why));
  }

  /** One deadline at a time: a connection waits for one thing. */
  private void schedule(long nanos, Runnable then) {
    cancelDeadline();
    deadline = stream.eventLoop().schedule(then, nanos, TimeUnit.NANOSECONDS);
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private final class DecoderSink implements FrameSink<I> {
    @Override
    public void onFrame(I frame, long receivedNanos) {
      handler.onFrame(frame, receivedNanos);
    }

    @Override
    public void onFault(FrameFault fault) {
      fault(fault);
    }
  }

  private final class WriterListener implements FrameWriter.Listener {
    @Override
    public void onDrained() {
      if (ended()) {
        return;
      }
      try {
        handler.onWritable();
      } catch (RuntimeException e) {
        handlerFailed(e);
      }
    }

    @Override
    public void onEmpty() {
      if (state == State.CLOSING) {
        lingerThenClose();
      }
    }

    @Override
    public void onWriteFailed(Throwable cause) {
      if (state == State.CLOSING) {
        closeEdge();
      } else {
        streamFailed(cause);
      }
    }
  }
}
