package dev.gatesvr.cmd.gencerts;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A TLS server of the JDK on loopback, for handshakes under any host name. */
final class TlsServer implements Closeable {
  private static final char[] PASSWORD = "test".toCharArray();
  private static final int TIMEOUT_MILLIS = 10_000;

  private final SSLServerSocket listening;
  private final AtomicInteger refusals = new AtomicInteger();

  private TlsServer(SSLServerSocket listening) {
    this.listening = listening;
  }

  static TlsServer start(CertificatePair pair) throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    store.setKeyEntry("server", pair.key(), PASSWORD, pair.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    TlsServer server =
        new TlsServer(
            (SSLServerSocket)
                context
                    .getServerSocketFactory()
                    .createServerSocket(0, 8, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().name("tls-server").start(server::serve);
    return server;
  }

  /** A client that refuses the certificate breaks its own connection only. */
  private void serve() {
    while (!listening.isClosed()) {
      try (SSLSocket accepted = (SSLSocket) listening.accept()) {
        accepted.setSoTimeout(TIMEOUT_MILLIS);
        accepted.startHandshake();
        int unusedByte = accepted.getInputStream().read();
      } catch (IOException refused) {
        refusals.incrementAndGet();
      }
    }
  }

  /** Shakes hands as a client that wants that host and trusts that CA; throws when it will not. */
  SSLSession handshake(String host, @Nullable X509Certificate ca)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    store.setCertificateEntry("ca", ca);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, host, listening.getLocalPort(), true)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getSession();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }
}
