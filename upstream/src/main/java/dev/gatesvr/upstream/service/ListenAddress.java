package dev.gatesvr.upstream.service;

import dev.gatesvr.upstream.route.Printable;
import java.net.InetSocketAddress;

/**
 * Where a service listens.
 *
 * @param host empty for every interface
 * @param port 0 for a free one
 */
record ListenAddress(String host, int port) {
  static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon >= 0 && port >= 0 && port <= 65_535) {
        return new ListenAddress(text.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      // Told below, with the whole value.
    }
    throw new IllegalArgumentException(
        "address: " + Printable.quoted(text) + " (expected: \"host:port\" or \":port\")");
  }

  InetSocketAddress toSocketAddress() {
    return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
  }

  ListenAddress withPort(int bound) {
    return new ListenAddress(host, bound);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
