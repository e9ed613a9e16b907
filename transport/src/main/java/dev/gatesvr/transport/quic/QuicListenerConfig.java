package dev.gatesvr.transport.quic;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a {@link QuicListener} is bound. {@link #of} gives the defaults, the {@code with} methods
 * change one thing each.
 *
 * @param address the UDP address; port 0 takes any
 * @param identity the certificate chain and its key
 * @param idleTimeout after this long without a packet the connection is lost (both peers' minimum)
 * @param windows what a client may send before it is read
 * @param connectionsMax connections held at once; more are closed with OVERLOADED. A last resort
 *     that bounds memory: the gateway's own limit answers politely before it
 * @param addressValidation when a client must prove its address
 * @param unfinishedHandshakesMax above this many UNDER_LOAD means load
 * @param activeConnectionIdLimit connection ids a client may keep ready; a connection survives one
 *     address change less than this, and unused ids cost nothing
 * @param socketBufferBytes the kernel's receive and send buffer per socket, as far as it allows
 */
public record QuicListenerConfig(
    InetSocketAddress address,
    TlsIdentity identity,
    Duration idleTimeout,
    QuicWindows windows,
    int connectionsMax,
    AddressValidation addressValidation,
    int unfinishedHandshakesMax,
    int activeConnectionIdLimit,
    int socketBufferBytes) {

  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
  private static final int CONNECTIONS_MAX = 100_000;
  private static final int UNFINISHED_HANDSHAKES_MAX = 1_000;
  private static final int ACTIVE_CONNECTION_ID_LIMIT = 64;
  private static final int SOCKET_BUFFER_BYTES = 4 * 1024 * 1024;

  public QuicListenerConfig {
    requirePositive("idleTimeout in ms", idleTimeout.toMillis());
    requirePositive("connectionsMax", connectionsMax);
    requirePositive("socketBufferBytes", socketBufferBytes);
    if (unfinishedHandshakesMax < 0) {
      throw new IllegalArgumentException(
          "unfinishedHandshakesMax: " + unfinishedHandshakesMax + " (expected: >= 0)");
    }
    if (activeConnectionIdLimit < 2) {
      throw new IllegalArgumentException(
          "activeConnectionIdLimit: " + activeConnectionIdLimit + " (expected: >= 2)");
    }
  }

  static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }

  /** The defaults on an address, with an identity. */
  public static QuicListenerConfig of(InetSocketAddress address, TlsIdentity identity) {
    return new QuicListenerConfig(
        address,
        identity,
        IDLE_TIMEOUT,
        QuicWindows.DEFAULT,
        CONNECTIONS_MAX,
        AddressValidation.UNDER_LOAD,
        UNFINISHED_HANDSHAKES_MAX,
        ACTIVE_CONNECTION_ID_LIMIT,
        SOCKET_BUFFER_BYTES);
  }

  /** The same with another idle timeout. */
  public QuicListenerConfig withIdleTimeout(Duration timeout) {
    return new QuicListenerConfig(
        address,
        identity,
        timeout,
        windows,
        connectionsMax,
        addressValidation,
        unfinishedHandshakesMax,
        activeConnectionIdLimit,
        socketBufferBytes);
  }

  /** The same with other receive windows. */
  public QuicListenerConfig withWindows(QuicWindows other) {
    return new QuicListenerConfig(
        address,
        identity,
        idleTimeout,
        other,
        connectionsMax,
        addressValidation,
        unfinishedHandshakesMax,
        activeConnectionIdLimit,
        socketBufferBytes);
  }

  /** The same with another bound on connections. */
  public QuicListenerConfig withConnectionsMax(int max) {
    return new QuicListenerConfig(
        address,
        identity,
        idleTimeout,
        windows,
        max,
        addressValidation,
        unfinishedHandshakesMax,
        activeConnectionIdLimit,
        socketBufferBytes);
  }

  /** The same with another rule for address validation. */
  public QuicListenerConfig withAddressValidation(AddressValidation when, int unfinishedMax) {
    return new QuicListenerConfig(
        address,
        identity,
        idleTimeout,
        windows,
        connectionsMax,
        when,
        unfinishedMax,
        activeConnectionIdLimit,
        socketBufferBytes);
  }
}
