package dev.gatesvr.gateway.admin.http;

import dev.gatesvr.gateway.admin.http.Reply.PieceSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.stream.ChunkedInput;
import java.io.IOException;

/** Pulls pieces out of their source while the connection is writable, and no faster. */
final class PieceInput implements ChunkedInput<ByteBuf> {
  private static final int PIECE_BYTES = 32_768;

  private final PieceSource source;
  private boolean ended;
  private long progress;

  PieceInput(PieceSource source) {
    this.source = source;
  }

  /** One piece in a buffer that the caller releases. */
  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) throws IOException {
    ByteBuf piece = allocator.buffer(PIECE_BYTES);
    boolean whole = false;
    try (ByteBufOutputStream out = new ByteBufOutputStream(piece)) {
      ended = !source.writeNext(out);
      progress += piece.readableBytes();
      whole = true;
      return piece;
    } finally {
      if (!whole) {
        piece.release();
      }
    }
  }

  @Override
  @SuppressWarnings("deprecation") // the interface still asks for its old form
  public ByteBuf readChunk(ChannelHandlerContext ctx) throws IOException {
    return readChunk(ctx.alloc());
  }

  @Override
  public boolean isEndOfInput() {
    return ended;
  }

  @Override
  public void close() {
    ended = true;
  }

  /** Unknown beforehand, which Netty's interface says as -1. */
  @Override
  public long length() {
    return -1;
  }

  @Override
  public long progress() {
    return progress;
  }
}
