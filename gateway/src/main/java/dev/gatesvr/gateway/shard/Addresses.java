package dev.gatesvr.gateway.shard;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Socket addresses as people read them. */
final class Addresses {
  private Addresses() {}

  /** {@code 192.0.2.1:1234} or {@code [2001:db8::1]:1234}, never a name lookup. */
  static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String host = inet.getAddress().getHostAddress();
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }
    return address.toString();
  }
}
