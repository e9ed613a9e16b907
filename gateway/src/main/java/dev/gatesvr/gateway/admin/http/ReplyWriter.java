package dev.gatesvr.gateway.admin.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;

/** Writes the answer to one request. Confined to the loop. */
final class ReplyWriter {
  private final ChannelHandlerContext ctx;
  private final boolean head;
  private final boolean keepAlive;
  private final boolean chunks;

  /**
   * @param head whether only the head is wanted
   * @param keepAlive whether the connection stays open after the answer
   * @param chunks whether the client understands chunked encoding
   */
  ReplyWriter(ChannelHandlerContext ctx, boolean head, boolean keepAlive, boolean chunks) {
    this.ctx = ctx;
    this.head = head;
    this.keepAlive = keepAlive;
    this.chunks = chunks;
  }

  boolean keepAlive() {
    return keepAlive;
  }

  /** Writes all of {@code reply}; the future completes with its last byte. */
  ChannelFuture write(Reply reply) {
    return switch (reply) {
      case Reply.Whole whole -> writeWhole(whole);
      case Reply.Pieces pieces -> writePieces(pieces);
    };
  }

  private ChannelFuture writeWhole(Reply.Whole reply) {
    ByteBuf body = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(reply.body());
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), body);
    setHeaders(response, reply);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
    return ctx.writeAndFlush(response);
  }

  private ChannelFuture writePieces(Reply.Pieces reply) {
    var response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
    setHeaders(response, reply);
    HttpUtil.setTransferEncodingChunked(response, chunks);
    ctx.write(response).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    return head
        ? ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        : ctx.writeAndFlush(new HttpChunkedInput(new PieceInput(reply.source())));
  }

  private void setHeaders(HttpResponse response, Reply reply) {
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, reply.contentType())
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set("X-Content-Type-Options", "nosniff");
    if (reply instanceof Reply.Whole whole) {
      whole.headers().forEach((name, value) -> response.headers().set(name, value));
    }
    if (!keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }
}
