package dev.gatesvr.gateway.admin.http;

import dev.gatesvr.gateway.admin.http.PhaseTimer.Phase;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one after the other: it asks for the next message only
 * when the last answer is written, so that what a client pipelines waits in the kernel or in the
 * one read that brought it. Confined to the loop; releases what it reads.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

  private final Routes routes;
  private final HttpLimits limits;
  private final PhaseTimer timer;
  private @Nullable HttpRequest current;
  private int bodyBytes;
  private Reading reading = Reading.WANTED;

  /** Whether the next message is asked for. */
  private enum Reading {
    /** Some of a request is missing. */
    WANTED,
    /** A request is being answered. */
    PAUSED,
    /** What comes is thrown away until the connection is closed. */
    ENDED
  }

  RequestHandler(Routes routes, HttpLimits limits, PhaseTimer timer) {
    this.routes = routes;
    this.limits = limits;
    this.timer = timer;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (reading != Reading.ENDED && message instanceof HttpObject object) {
        onObject(ctx, object);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** A read that brought no whole message is not repeated by anybody else. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (reading == Reading.WANTED) {
      ctx.read();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.debug("{}: connection failed", ctx.channel().remoteAddress(), cause);
    var unused = ctx.close();
  }

  private void onObject(ChannelHandlerContext ctx, HttpObject object) {
    if (object.decoderResult().isFailure()) {
      refuse(ctx, unreadable(object.decoderResult().cause()));
      return;
    }
    if (object instanceof HttpRequest request) {
      current = request;
      bodyBytes = 0;
    }
    if (object instanceof HttpContent content) {
      bodyBytes += content.content().readableBytes();
    }
    HttpRequest request = current;
    if (request == null) {
      throw new IllegalStateException("body before a request");
    }
    if (bodyBytes > limits.bodyBytesMax()
        || HttpUtil.getContentLength(request, 0L) > limits.bodyBytesMax()) {
      refuse(ctx, Reply.error(413, "body: above " + limits.bodyBytesMax() + " bytes"));
    } else if (HttpUtil.is100ContinueExpected(request)) {
      refuse(ctx, Reply.error(417, "expect: 100-continue (expected: a request without a body)"));
    } else if (object instanceof LastHttpContent) {
      current = null;
      reading = Reading.PAUSED;
      timer.enter(Phase.ANSWERING);
      answer(ctx, request);
    } else {
      ctx.read();
    }
  }

  private static Reply unreadable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Reply.error(414, "request line: too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Reply.error(431, "headers: too large");
    }
    return Reply.error(400, "request: not HTTP/1.1");
  }

  /** What follows on the connection can no longer be told apart, so it ends with this answer. */
  private void refuse(ChannelHandlerContext ctx, Reply reply) {
    reading = Reading.ENDED;
    new ReplyWriter(ctx, false, false, true).write(reply).addListener(ChannelFutureListener.CLOSE);
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    boolean head = request.method().equals(HttpMethod.HEAD);
    boolean chunks = request.protocolVersion().isKeepAliveDefault();
    // HTTP/1.0 has no chunks: the end of the connection is the end of the answer.
    var writer = new ReplyWriter(ctx, head, keepAlive && chunks, chunks);
    replyTo(request, remote(ctx))
        .whenComplete(
            (reply, failure) ->
                ctx.executor()
                    .execute(
                        () -> {
                          Reply sent = failure == null ? reply : failed(request, failure);
                          finish(ctx, writer.write(sent), writer.keepAlive());
                        }));
  }

  private CompletionStage<Reply> replyTo(HttpRequest request, InetAddress remote) {
    try {
      if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
          && !request.headers().contains(HttpHeaderNames.HOST)) {
        throw new RequestException(400, "host: missing");
      }
      Request asked = Request.of(request, Caller.of(request.headers(), remote));
      Page page = routes.find(asked.path());
      if (page == null) {
        throw new RequestException(404, "path: " + asked.path() + " (no such page)");
      }
      List<String> methods = page.methods(asked.path());
      if (!methods.contains(asked.method())) {
        String allowed = String.join(", ", methods);
        throw new RequestException(
            405,
            "method: " + asked.method() + " (expected: " + allowed + ")",
            Map.of("Allow", allowed));
      }
      return page.answer(asked);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static Reply failed(HttpRequest request, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RequestException refused) {
      return Reply.error(refused.status(), String.valueOf(refused.getMessage()), refused.headers());
    }
    log.warn("{} {} failed", request.method(), request.uri(), cause);
    return Reply.error(500, "page: failed, see the log");
  }

  private void finish(ChannelHandlerContext ctx, ChannelFuture written, boolean keepAlive) {
    written.addListener(
        done -> {
          if (done.isSuccess() && keepAlive) {
            reading = Reading.WANTED;
            timer.enter(Phase.IDLE);
            ctx.read();
          } else {
            var unused = ctx.close();
          }
        });
  }

  private static InetAddress remote(ChannelHandlerContext ctx) {
    return ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
  }
}
