package dev.gatesvr.bench.ha;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback address that were free for UDP and TCP a moment ago, below those that the
 * system gives away by itself: a server that was killed must find its port again.
 */
final class Ports {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final int TRIES_MAX = 2_000;

  private final Set<Integer> given = new HashSet<>();

  /** {@code host:port}, another one each time. */
  String next() throws IOException {
    for (int i = 0; i < TRIES_MAX; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (!given.contains(port) && free(port)) {
        given.add(port);
        return "127.0.0.1:" + port;
      }
    }
    throw new IOException("no free port from " + FIRST + " to " + END);
  }

  private static boolean free(int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(address)) {
      tcp.bind(address);
      return udp.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
