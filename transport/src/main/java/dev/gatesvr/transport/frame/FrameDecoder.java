package dev.gatesvr.transport.frame;

import static dev.gatesvr.proto.Limits.FRAME_HEADER_BYTES;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.TransportObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a byte stream into frames and parses each one once. Not thread-safe; confined to its
 * connection's event loop.
 *
 * <p>A frame that is whole in one buffer is parsed where it lies. Only a frame that arrives in
 * pieces is gathered, in one buffer that starts at what has come, grows with what comes, and never
 * passes the frame's length, so an announced length costs nothing until its bytes are there. Its
 * bytes are copied at most twice each on average. After the first fault, or {@link #stop}, bytes
 * are released unread.
 *
 * @param <I> the message type
 */
public final class FrameDecoder<I> {
  private enum State {
    /** Gathering the four bytes of a length. */
    HEADER,
    /** Gathering or parsing a body of {@code length} bytes. */
    BODY,
    /** Bytes are dropped. */
    STOPPED
  }

  private static final int PARTIAL_BYTES_MIN = 256;

  private final Parser<I> parser;
  private final ByteBufAllocator allocator;
  private final TransportObserver observer;
  private final FrameSink<I> sink;

  private State state = State.HEADER;
  private int headerBytes;
  private int length;
  private @Nullable ByteBuf partial;

  /** A decoder at the start of a stream. */
  public FrameDecoder(
      Parser<I> parser, ByteBufAllocator allocator, TransportObserver observer, FrameSink<I> sink) {
    this.parser = parser;
    this.allocator = allocator;
    this.observer = observer;
    this.sink = sink;
  }

  /**
   * Takes the next bytes of the stream; every frame that they complete goes to the sink before this
   * returns. Releases {@code in}.
   */
  public void read(ByteBuf in) {
    long receivedNanos = System.nanoTime();
    try {
      while (state != State.STOPPED && in.isReadable()) {
        if (state == State.HEADER) {
          readHeader(in);
        } else {
          readBody(in, receivedNanos);
        }
      }
    } finally {
      in.release();
    }
  }

  /** The peer ended its stream. Inside a frame that is a fault; returns false then. */
  public boolean end() {
    if (state == State.STOPPED) {
      return true;
    }
    boolean clean = state == State.HEADER && headerBytes == 0;
    if (!clean) {
      fault(FrameFault.TRUNCATED);
    }
    return clean;
  }

  /** Releases what was gathered and drops what follows. Harmless when repeated. */
  public void stop() {
    state = State.STOPPED;
    releasePartial();
  }

  /** Bytes held for a frame that is not complete. */
  public int bufferedBytes() {
    return partial == null ? 0 : partial.capacity();
  }

  private void readHeader(ByteBuf in) {
    if (headerBytes == 0 && in.readableBytes() >= FRAME_HEADER_BYTES) {
      length = in.readInt();
      headerBytes = FRAME_HEADER_BYTES;
    } else {
      length = length << Byte.SIZE | in.readUnsignedByte();
      headerBytes++;
    }
    if (headerBytes < FRAME_HEADER_BYTES) {
      return;
    }
    FrameFault fault = FrameLength.faultOf(length);
    if (fault == null) {
      state = State.BODY;
    } else {
      fault(fault);
    }
  }

  private void readBody(ByteBuf in, long receivedNanos) {
    if (partial == null && in.readableBytes() >= length) {
      parseAndDeliver(in, receivedNanos);
      return;
    }
    if (partial == null) {
      int initial = Math.min(length, Math.max(PARTIAL_BYTES_MIN, in.readableBytes()));
      partial = allocator.directBuffer(initial, length);
    }
    int missing = length - partial.readableBytes();
    partial.writeBytes(in, Math.min(missing, in.readableBytes()));
    if (partial.readableBytes() == length) {
      parseAndDeliver(partial, receivedNanos);
    }
  }

  /** Parses the next {@code length} bytes of {@code bytes} and skips them. */
  private void parseAndDeliver(ByteBuf bytes, long receivedNanos) {
    long startNanos = System.nanoTime();
    I frame;
    try {
      // Without aliasing, which is off, protobuf copies every string and bytes field out of here.
      frame = parser.parseFrom(bytes.nioBuffer(bytes.readerIndex(), length));
    } catch (InvalidProtocolBufferException e) {
      fault(FrameFault.NOT_PROTOBUF);
      return;
    }
    observer.frameReceived(FRAME_HEADER_BYTES + length, System.nanoTime() - startNanos);
    bytes.skipBytes(length);
    // Before the sink runs: it may stop this decoder, and nothing may be released twice.
    releasePartial();
    state = State.HEADER;
    headerBytes = 0;
    length = 0;
    sink.onFrame(frame, receivedNanos);
  }

  private void fault(FrameFault fault) {
    stop();
    sink.onFault(fault);
  }

  private void releasePartial() {
    ByteBuf held = partial;
    if (held != null) {
      partial = null;
      held.release();
    }
  }
}
