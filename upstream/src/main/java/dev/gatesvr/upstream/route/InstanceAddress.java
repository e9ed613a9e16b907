package dev.gatesvr.upstream.route;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance listens. The host is an IPv4 address, an IPv6 address without brackets or a DNS
 * name; it is not resolved here.
 *
 * @param host not empty
 * @param port 1 to 65535
 */
public record InstanceAddress(String host, int port) {
  /** A DNS name has at most 253 characters, an IPv6 address with a scope fewer. */
  private static final int HOST_CHARS_MAX = 253;

  private static final String EXPECTED =
      " (expected: \"host:port\", \"[ipv6]:port\" or \":port\", port 1 to 65535)";

  public InstanceAddress {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
    if (!isHost(host)) {
      throw new IllegalArgumentException("host: " + Printable.quoted(host) + EXPECTED);
    }
  }

  /**
   * Reads an address as upstreams send it.
   *
   * @param text {@code host:port}, {@code [ipv6]:port} or {@code :port}
   * @param peerHost what an absent host means: the address the text came from, null when that is
   *     not known. A wildcard ({@code 0.0.0.0}, {@code [::]}) counts as absent, for nobody can
   *     connect to it.
   * @throws IllegalArgumentException naming the value and what was expected
   */
  public static InstanceAddress parse(String text, @Nullable String peerHost) {
    int colon = text.lastIndexOf(':');
    int port = colon < 0 ? -1 : portOf(text, colon + 1);
    if (port < 0) {
      throw refused(text);
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]") && host.indexOf(':') > 0) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw refused(text);
    }
    if (host.isEmpty() || host.equals("0.0.0.0") || host.equals("::")) {
      host = peerHost;
    }
    if (host == null || !isHost(host)) {
      throw refused(text);
    }
    return new InstanceAddress(host, port);
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException("address: " + Printable.quoted(text) + EXPECTED);
  }

  /** The port in plain digits from {@code start} on, or negative when there is none. */
  private static int portOf(String text, int start) {
    int digits = text.length() - start;
    if (digits < 1 || digits > 5) {
      return -1;
    }
    int port = 0;
    for (int at = start; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c < '0' || c > '9') {
        return -1;
      }
      port = port * 10 + (c - '0');
    }
    return port >= 1 && port <= 65_535 ? port : -1;
  }

  private static boolean isHost(String host) {
    if (host.isEmpty() || host.length() > HOST_CHARS_MAX) {
      return false;
    }
    try {
      // The parser of RFC 3986 knows what a host is; anything else would fail when connecting.
      String parsed = new URI("tcp://" + bracketed(host)).parseServerAuthority().getHost();
      return bracketed(host).equals(parsed);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String bracketed(String host) {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** As it would be written in a configuration, an IPv6 host in brackets. */
  @Override
  public String toString() {
    return bracketed(host) + ":" + port;
  }
}
