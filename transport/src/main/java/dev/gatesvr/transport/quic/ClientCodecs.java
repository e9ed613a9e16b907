package dev.gatesvr.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;

/** Makes the pipelines of a connector's sockets, all with one TLS context. */
final class ClientCodecs {
  static final int SOCKET_BUFFER_BYTES = 1024 * 1024;

  /** Checks the certificate's names as RFC 2818 does. */
  private static final String BY_HOST_NAME = "HTTPS";

  private static final String BY_NOTHING = "";

  private final QuicClientConfig config;
  private final QuicSslContext tls;

  ClientCodecs(QuicClientConfig config) {
    this.config = config;
    QuicSslContextBuilder builder =
        QuicSslContextBuilder.forClient()
            .applicationProtocols(config.alpn())
            .endpointIdentificationAlgorithm(BY_HOST_NAME);
    switch (config.trust()) {
      case ServerTrust.SystemAuthorities all -> {}
      case ServerTrust.Authorities some ->
          builder.trustManager(some.certificates().toArray(X509Certificate[]::new));
      case ServerTrust.Anybody anybody ->
          builder
              .trustManager(InsecureTrustManagerFactory.INSTANCE)
              .endpointIdentificationAlgorithm(BY_NOTHING);
    }
    this.tls = builder.build();
  }

  /** The pipeline of one socket. */
  ChannelHandler socket() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel socket) {
        socket.pipeline().addLast(new FlushCoalescer(), codec());
      }
    };
  }

  private ChannelHandler codec() {
    return new QuicClientCodecBuilder()
        .sslEngineProvider(this::engine)
        .maxIdleTimeout(config.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .initialMaxData(config.windows().connectionBytes())
        .initialMaxStreamDataBidirectionalLocal(config.windows().streamBytes())
        .activeMigration(true)
        .build();
  }

  private QuicSslEngine engine(QuicChannel channel) {
    InetSocketAddress server = (InetSocketAddress) channel.remoteSocketAddress();
    String name = config.serverName() == null ? server.getHostString() : config.serverName();
    return tls.newEngine(channel.alloc(), name, server.getPort());
  }
}
