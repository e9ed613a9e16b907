package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.gatesvr.GatewayStarter.Running;
import java.io.PrintWriter;
import java.net.InetSocketAddress;

/** What a gateway says on stdout once everything is bound: where it listens, where to look. */
final class Banner {
  private Banner() {}

  static void print(Running gateway, PrintWriter out) {
    out.printf(
        """
        gatesvr %s is ready
          players    QUIC on UDP %s
          upstreams  gRPC on %s
          operators  http://%s/stats (and /health, /ready, /performance)
          metrics    http://%s/metrics
        Ctrl-C or SIGTERM stops it.
        """,
        Cli.version(),
        bound(gateway.quicAddress()),
        bound(gateway.grpcAddress()),
        reachable(gateway.httpAddress()),
        reachable(gateway.metricsAddress()));
    out.flush();
  }

  private static String bound(InetSocketAddress address) {
    String host = address.getAddress().isAnyLocalAddress() ? "*" : host(address);
    return host + ":" + address.getPort();
  }

  /** An address that a browser on this machine can open. */
  private static String reachable(InetSocketAddress address) {
    String host = address.getAddress().isAnyLocalAddress() ? "localhost" : host(address);
    return host + ":" + address.getPort();
  }

  private static String host(InetSocketAddress address) {
    String text = address.getAddress().getHostAddress();
    return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
  }
}
