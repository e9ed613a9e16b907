package dev.gatesvr.client.core;

/**
 * Where a gateway is, not resolved yet.
 *
 * @param host a name or a literal address, without brackets
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {
  private static final int PORT_MAX = 65_535;

  public ServerAddress {
    if (host.isEmpty() || port < 1 || port > PORT_MAX) {
      throw expected(host + ":" + port);
    }
  }

  /**
   * Reads {@code host:port}, {@code [2001:db8::1]:port} or {@code :port}, which is this machine.
   *
   * @throws IllegalArgumentException naming the text and what was expected
   */
  public static ServerAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw expected(text);
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw expected(text);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      return new ServerAddress(host.isEmpty() ? "localhost" : host, port);
    } catch (NumberFormatException e) {
      throw expected(text);
    }
  }

  private static IllegalArgumentException expected(String text) {
    return new IllegalArgumentException(
        '"' + text + "\" (expected: host:port, such as localhost:8453)");
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
