package dev.gatesvr.backup.link;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Who may be at the other end. There is no default: whoever speaks on the link gets every session
 * and the keys of resume tokens.
 */
public sealed interface LinkSecurity {
  /**
   * TLS 1.3 in which both prove who they are. A certificate counts when the CA signed it; the name
   * in it does not, for the CA signs for the pair alone.
   */
  record MutualTls(SslContext server, SslContext client) implements LinkSecurity {
    SslHandler handler(LinkConnection.Side side, SocketChannel channel, LinkSettings settings) {
      SslContext context = side == LinkConnection.Side.LISTENER ? server : client;
      SslHandler handler = context.newHandler(channel.alloc());
      handler.setHandshakeTimeout(settings.times().hello().toNanos(), TimeUnit.NANOSECONDS);
      return handler;
    }
  }

  /** Only the two gateways can reach the link; it goes in the clear. */
  record PrivateNetwork() implements LinkSecurity {}

  /** Declares that only the two gateways can reach the link. */
  static LinkSecurity privateNetwork() {
    return new PrivateNetwork();
  }

  /**
   * Reads PEM files, once.
   *
   * @param certFile this node's certificate and its chain; good for a server and a client
   * @param keyFile its key, PKCS#8 without a password
   * @param caFile the certificates that sign both nodes' certificates, or are them
   * @throws IOException if one cannot be read or does not hold that; the message names the files
   */
  static LinkSecurity mutualTls(Path certFile, Path keyFile, Path caFile) throws IOException {
    try {
      SslContextBuilder server =
          SslContextBuilder.forServer(certFile.toFile(), keyFile.toFile())
              .clientAuth(ClientAuth.REQUIRE);
      SslContextBuilder client =
          SslContextBuilder.forClient()
              .keyManager(certFile.toFile(), keyFile.toFile())
              .endpointIdentificationAlgorithm(null);
      return new MutualTls(built(server, caFile), built(client, caFile));
    } catch (IllegalArgumentException | IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cert_file: %s, key_file: %s, ca_file: %s: %s (expected: PEM files of a certificate, its key, and who signed it)"
              .formatted(certFile, keyFile, caFile, cause.getMessage()),
          e);
    }
  }

  private static SslContext built(SslContextBuilder builder, Path caFile) throws IOException {
    return builder
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3")
        .trustManager(caFile.toFile())
        .build();
  }
}
