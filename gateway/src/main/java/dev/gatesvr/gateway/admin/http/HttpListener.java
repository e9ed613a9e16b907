package dev.gatesvr.gateway.admin.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bound HTTP port with one event loop thread of its own. Thread-safe. */
public final class HttpListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);
  private static final long CLOSE_TIMEOUT_SECONDS = 3;

  private final EventLoopGroup group;
  private final Channel server;
  private final ChannelGroup connections;

  private HttpListener(EventLoopGroup group, Channel server, ChannelGroup connections) {
    this.group = group;
    this.server = server;
    this.connections = connections;
  }

  /**
   * Binds and serves.
   *
   * @param threadName of the one thread, such as {@code admin-0}
   * @param pages by path; {@code /name/*} stands for everything below {@code /name/}
   * @throws IOException when the address cannot be bound, saying which
   */
  public static HttpListener start(
      String threadName, InetSocketAddress bind, Map<String, Page> pages, HttpLimits limits)
      throws IOException {
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, named(threadName), NioIoHandler.newFactory());
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(new Initializer(connections, new Routes(pages), limits))
            .bind(bind)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
      throw new IOException(
          "cannot bind " + bind.getHostString() + ":" + bind.getPort(), bound.cause());
    }
    return new HttpListener(group, bound.channel(), connections);
  }

  /** The address that was bound, with the real port where 0 was asked for. */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) server.localAddress();
  }

  /** Closes the port and every connection. Waits for the thread; not to be called on it. */
  @Override
  public void close() {
    server.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    group
        .shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new FastThreadLocalThread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Counts the connection in, or turns it away, and lays its pipeline. */
  private static final class Initializer extends ChannelInitializer<Channel> {
    private final ChannelGroup connections;
    private final Routes routes;
    private final HttpLimits limits;

    Initializer(ChannelGroup connections, Routes routes, HttpLimits limits) {
      this.connections = connections;
      this.routes = routes;
      this.limits = limits;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (connections.size() >= limits.connectionsMax()) {
        channel
            .close()
            .addListener(done -> log.debug("{}: one connection too many", channel.remoteAddress()));
        return;
      }
      connections.add(channel);
      PhaseTimer timer = new PhaseTimer(limits);
      channel
          .pipeline()
          .addLast(timer)
          .addLast(
              new HttpServerCodec(
                  new HttpDecoderConfig()
                      .setMaxInitialLineLength(limits.lineBytesMax())
                      .setMaxHeaderSize(limits.headerBytesMax())))
          .addLast(new FlowControlHandler())
          .addLast(new ChunkedWriteHandler())
          .addLast(new RequestHandler(routes, limits, timer));
    }
  }
}
