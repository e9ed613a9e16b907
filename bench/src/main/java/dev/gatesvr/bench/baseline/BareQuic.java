package dev.gatesvr.bench.baseline;

import dev.gatesvr.proto.Limits;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.transport.quic.QuicListenerConfig;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A QUIC port on one loop, with a handler of one's own on each stream. */
final class BareQuic {
  private static final int DATAGRAM_BYTES_MAX = 2_048;
  private static final int DATAGRAMS_PER_READ = 16;
  private static final int STREAM_READ_BYTES = 16_384;
  private static final int CONNECTION_ID_BYTES = 20;
  private static final int STREAMS_MAX = 2;

  private final QuicListenerConfig config;
  private final Supplier<ChannelHandler> streamHandlers;
  private final QuicSslContext tls;

  /**
   * @param streamHandlers makes the handler of each new stream
   */
  BareQuic(QuicListenerConfig config, Supplier<ChannelHandler> streamHandlers) {
    this.config = config;
    this.streamHandlers = streamHandlers;
    X509Certificate[] chain = config.identity().chain().toArray(X509Certificate[]::new);
    this.tls =
        QuicSslContextBuilder.forServer(config.identity().key(), null, chain)
            .applicationProtocols(Limits.ALPN)
            .build();
  }

  /** Binds; waits, so not on a loop. */
  InetSocketAddress bind(IoLoops loops) throws IOException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops.loop(0))
            .channel(loops.datagramChannel())
            .option(ChannelOption.SO_RCVBUF, config.socketBufferBytes())
            .option(ChannelOption.SO_SNDBUF, config.socketBufferBytes())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel socket) {
                    socket.pipeline().addLast(new FlushOncePerTurn(), codec());
                  }
                });
    boolean batches = loops.kind() == IoLoops.Kind.EPOLL;
    int readBytes = DATAGRAM_BYTES_MAX * (batches ? DATAGRAMS_PER_READ : 1);
    bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(readBytes));
    if (batches) {
      bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, DATAGRAM_BYTES_MAX);
    }
    ChannelFuture bound = bootstrap.bind(config.address()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot bind " + config.address(), bound.cause());
    }
    return (InetSocketAddress) bound.channel().localAddress();
  }

  private ChannelHandler codec() {
    return new QuicServerCodecBuilder()
        .sslContext(tls)
        .maxIdleTimeout(config.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .initialMaxData(config.windows().connectionBytes())
        .initialMaxStreamDataBidirectionalRemote(config.windows().streamBytes())
        .initialMaxStreamsBidirectional(STREAMS_MAX)
        .activeMigration(true)
        .activeConnectionIdLimit(config.activeConnectionIdLimit())
        .localConnectionIdLength(CONNECTION_ID_BYTES)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel connection) {
                // Nothing is done for a connection; its streams are what counts.
              }
            })
        .streamHandler(
            new ChannelInitializer<QuicStreamChannel>() {
              @Override
              protected void initChannel(QuicStreamChannel stream) {
                stream
                    .config()
                    .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(STREAM_READ_BYTES));
                stream.pipeline().addLast(streamHandlers.get());
              }
            })
        .build();
  }
}
