package dev.gatesvr.transport.frame;

import static dev.gatesvr.proto.Limits.FRAME_HEADER_BYTES;

import com.google.protobuf.MessageLite;
import dev.gatesvr.transport.SendResult;
import dev.gatesvr.transport.TransportObserver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Encodes messages into a batch, hands the batch to the stream once per turn of the loop, and
 * counts what the stream has not taken yet. Not thread-safe; confined to its connection's event
 * loop.
 *
 * <p>A stream that takes nothing (the peer does not read, or the network is slow) holds at most
 * {@link #HIGH_WATER_BYTES} and one frame here. The count is our own because a QUIC stream has no
 * outbound buffer with water marks: it reports itself unwritable as soon as the congestion window
 * is full, long before anything is wrong.
 */
public final class FrameWriter {
  /** Above this nothing more is accepted. */
  public static final int HIGH_WATER_BYTES = 64 * 1024;

  /** At or below this a refused sender is told to go on. */
  public static final int LOW_WATER_BYTES = 32 * 1024;

  /** A batch this long goes to the stream before the turn ends, which may make room at once. */
  private static final int BATCH_BYTES_MAX = 16 * 1024;

  private static final int BATCH_BYTES_MIN = 1024;

  /** What the stream reports back, on the event loop. */
  public interface Listener {
    /** The writer accepts messages again after it refused one. */
    void onDrained();

    /** Nothing is left that the stream has not taken. */
    void onEmpty();

    /** The stream refused bytes that were accepted before: it is broken. */
    void onWriteFailed(Throwable cause);
  }

  private final ChannelHandlerContext stream;
  private final TransportObserver observer;
  private final Listener listener;

  private @Nullable ByteBuf batch;
  private int pendingBytes;
  private boolean refused;
  private boolean inReadBurst;
  private boolean flushScheduled;
  private boolean closed;
  private long lastWriteNanos;

  /** A writer onto the stream whose pipeline position is {@code stream}. */
  public FrameWriter(ChannelHandlerContext stream, TransportObserver observer, Listener listener) {
    this.stream = stream;
    this.observer = observer;
    this.listener = listener;
  }

  /** Adds one message to the batch of this turn. */
  public SendResult write(MessageLite message) {
    if (closed) {
      return SendResult.CLOSED;
    }
    if (!writable()) {
      refused = true;
      return SendResult.BACKPRESSURED;
    }
    int bodyBytes = message.getSerializedSize();
    if (!FrameEncoder.fits(bodyBytes)) {
      return SendResult.TOO_LARGE;
    }
    append(message, bodyBytes);
    if (pendingBatchBytes() >= BATCH_BYTES_MAX) {
      flush();
    } else if (!inReadBurst && !flushScheduled) {
      flushScheduled = true;
      stream.executor().execute(this::flushTurn);
    }
    return SendResult.SENT;
  }

  private void append(MessageLite message, int bodyBytes) {
    long startNanos = System.nanoTime();
    int frameBytes = FRAME_HEADER_BYTES + bodyBytes;
    ByteBuf out = batch;
    if (out == null) {
      out = stream.alloc().directBuffer(Math.max(frameBytes, BATCH_BYTES_MIN));
      batch = out;
    }
    FrameEncoder.encode(message, bodyBytes, out);
    pendingBytes += frameBytes;
    lastWriteNanos = System.nanoTime();
    observer.frameSent(frameBytes, lastWriteNanos - startNanos);
  }

  private int pendingBatchBytes() {
    return batch == null ? 0 : batch.readableBytes();
  }

  private void flushTurn() {
    flushScheduled = false;
    flush();
  }

  /** Hands what is batched to the stream. */
  public void flush() {
    ByteBuf out = batch;
    if (out == null) {
      return;
    }
    batch = null;
    int bytes = out.readableBytes();
    // Writing passes the buffer to the stream, which releases it in every case.
    ChannelFuture taken = stream.write(out);
    stream.flush();
    if (taken.isDone()) {
      onTaken(taken, bytes);
    } else {
      taken.addListener(done -> onTaken(taken, bytes));
    }
  }

  private void onTaken(ChannelFuture taken, int bytes) {
    pendingBytes -= bytes;
    if (closed) {
      return;
    }
    if (!taken.isSuccess()) {
      listener.onWriteFailed(taken.cause());
      return;
    }
    if (refused && pendingBytes <= LOW_WATER_BYTES) {
      refused = false;
      listener.onDrained();
    }
    if (pendingBytes == 0) {
      listener.onEmpty();
    }
  }

  /** Bytes from the peer are being handled: what is written meanwhile leaves with the burst. */
  void readBurstStarted() {
    inReadBurst = true;
  }

  /** The burst is over; flushes. */
  void readBurstEnded() {
    inReadBurst = false;
    flush();
  }

  /**
   * True while {@link #write} accepts a message. After a refusal that is again so only from {@link
   * Listener#onDrained} on, so that a sender never overtakes what it has queued.
   */
  public boolean writable() {
    return !closed && !refused && pendingBytes < HIGH_WATER_BYTES;
  }

  /** Bytes accepted that the stream has not taken. */
  public int pendingBytes() {
    return pendingBytes;
  }

  /** {@link System#nanoTime} of the last accepted message, or 0 before the first. */
  long lastWriteNanos() {
    return lastWriteNanos;
  }

  /** Drops the batch and accepts nothing more. Harmless when repeated. */
  public void close() {
    closed = true;
    ByteBuf out = batch;
    if (out != null) {
      batch = null;
      pendingBytes -= out.readableBytes();
      out.release();
    }
  }
}
