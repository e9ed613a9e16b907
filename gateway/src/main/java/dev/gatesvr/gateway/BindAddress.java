package dev.gatesvr.gateway;

import dev.gatesvr.gateway.config.ConfigException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Reads the addresses of the configuration. */
final class BindAddress {
  private BindAddress() {}

  /** {@code :8453} is every address of the machine; {@code [::1]:8453} and names work too. */
  static InetSocketAddress parse(String key, String text) {
    int colon = text.lastIndexOf(':');
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    if (host.isEmpty()) {
      return new InetSocketAddress(port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw ConfigException.of(key, text, "an address of this machine");
    }
  }
}
