package dev.gatesvr.transport.quic;

import dev.gatesvr.proto.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link QuicConnector} connects. {@link #trusting} gives the defaults, the {@code with}
 * methods change one thing each.
 *
 * @param trust whose certificates are believed
 * @param serverName the name that the certificate must bear, or null for the host name or address
 *     that is connected to
 * @param alpn the application protocol
 * @param connectTimeout for the handshake
 * @param idleTimeout after this long without a packet the connection is lost (both peers' minimum)
 * @param windows what the server may send before it is read
 * @param socketsPerLoop UDP sockets, and with them source ports, on each loop. One is enough for a
 *     player; a load generator wants many, because a server with several loops spreads source
 *     ports, not connections
 */
public record QuicClientConfig(
    ServerTrust trust,
    @Nullable String serverName,
    String alpn,
    Duration connectTimeout,
    Duration idleTimeout,
    QuicWindows windows,
    int socketsPerLoop) {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
  private static final int SOCKETS_PER_LOOP_MAX = 1_024;

  public QuicClientConfig {
    QuicListenerConfig.requirePositive("connectTimeout in ms", connectTimeout.toMillis());
    QuicListenerConfig.requirePositive("idleTimeout in ms", idleTimeout.toMillis());
    if (socketsPerLoop < 1 || socketsPerLoop > SOCKETS_PER_LOOP_MAX) {
      throw new IllegalArgumentException(
          "socketsPerLoop: " + socketsPerLoop + " (expected: 1 to " + SOCKETS_PER_LOOP_MAX + ")");
    }
  }

  /** The defaults with a way to trust. */
  public static QuicClientConfig trusting(ServerTrust trust) {
    return new QuicClientConfig(
        trust, null, Limits.ALPN, CONNECT_TIMEOUT, IDLE_TIMEOUT, QuicWindows.DEFAULT, 1);
  }

  /** The same, expecting a certificate for a name other than the one connected to. */
  public QuicClientConfig withServerName(String name) {
    return new QuicClientConfig(
        trust, name, alpn, connectTimeout, idleTimeout, windows, socketsPerLoop);
  }

  /** The same with another application protocol. */
  public QuicClientConfig withAlpn(String protocol) {
    return new QuicClientConfig(
        trust, serverName, protocol, connectTimeout, idleTimeout, windows, socketsPerLoop);
  }

  /** The same with other timeouts. */
  public QuicClientConfig withTimeouts(Duration connect, Duration idle) {
    return new QuicClientConfig(trust, serverName, alpn, connect, idle, windows, socketsPerLoop);
  }

  /** The same with other receive windows. */
  public QuicClientConfig withWindows(QuicWindows other) {
    return new QuicClientConfig(
        trust, serverName, alpn, connectTimeout, idleTimeout, other, socketsPerLoop);
  }

  /** The same with another number of sockets. */
  public QuicClientConfig withSocketsPerLoop(int sockets) {
    return new QuicClientConfig(
        trust, serverName, alpn, connectTimeout, idleTimeout, windows, sockets);
  }
}
