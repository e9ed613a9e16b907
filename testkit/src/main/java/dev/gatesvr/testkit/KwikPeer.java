package dev.gatesvr.testkit;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ServerPush;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tech.kwik.core.ConnectionListener;
import tech.kwik.core.ConnectionTerminatedEvent;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.Logger;
import tech.kwik.core.log.NullLogger;

/** A client that shares no code with ours: Kwik's QUIC and frames made by hand. Blocking. */
public final class KwikPeer implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  // Tests run with assertions. One of Kwik's own (LossDetector.detectLostPackets) fails now and
  // then and ends its receiver thread, after which the peer hears nothing any more.
  static {
    KwikPeer.class.getClassLoader().setPackageAssertionStatus("tech.kwik", false);
  }

  /** Longer than a busy machine may pause a test. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  private static final long RECEIVE_BUFFER_BYTES = 2L * 1024 * 1024;

  private final QuicClientConnection connection;
  private final CompletableFuture<ConnectionTerminatedEvent> terminated = new CompletableFuture<>();
  private final QuicStream stream;
  private final DataOutputStream out;
  private final DataInputStream in;

  public KwikPeer(InetSocketAddress server, X509Certificate authority) throws IOException {
    this(server, authority, "gatesvr");
  }

  public KwikPeer(InetSocketAddress server, X509Certificate authority, String alpn)
      throws IOException {
    this(server, authority, alpn, new NullLogger());
  }

  /**
   * Connects, on the calling thread.
   *
   * @param logger told by Kwik's threads, this one too, what they do
   */
  public KwikPeer(InetSocketAddress server, X509Certificate authority, String alpn, Logger logger)
      throws IOException {
    Thread connecting = Thread.currentThread();
    this.connection =
        QuicClientConnection.newBuilder()
            .host("localhost")
            .port(server.getPort())
            .preferIPv4()
            .applicationProtocol(alpn)
            .customTrustStore(trusting(authority))
            .connectTimeout(TIMEOUT)
            .maxIdleTimeout(IDLE_TIMEOUT)
            .defaultStreamReceiveBufferSize(RECEIVE_BUFFER_BYTES)
            .socketFactory(address -> new KwikSocket(connecting))
            .logger(logger)
            .build();
    connection.connect();
    connection.setConnectionListener(
        new ConnectionListener() {
          @Override
          public void disconnected(ConnectionTerminatedEvent event) {
            terminated.complete(event);
          }
        });
    this.stream = connection.createStream(true);
    this.out = new DataOutputStream(stream.getOutputStream());
    this.in = new DataInputStream(stream.getInputStream());
  }

  private static KeyStore trusting(X509Certificate authority) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("ca", authority);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void send(ClientRequest request) throws IOException {
    byte[] body = request.toByteArray();
    out.writeInt(body.length);
    out.write(body);
    out.flush();
  }

  public void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public ServerPush receive() throws IOException {
    byte[] body = new byte[in.readInt()];
    in.readFully(body);
    return ServerPush.parseFrom(body);
  }

  /** Ends the stream. */
  public void finish() throws IOException {
    out.close();
  }

  public void reset() {
    stream.resetStream(7);
  }

  /** Opens one more stream and says something on it. */
  public void openAnother(boolean bidirectional) throws IOException {
    QuicStream another = connection.createStream(bidirectional);
    another.getOutputStream().write(1);
    another.getOutputStream().flush();
  }

  public void close(long code) {
    connection.close(code, "");
  }

  /** How the server closed. */
  public ConnectionTerminatedEvent awaitTerminated() {
    return terminated.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    connection.close();
  }
}
