package dev.gatesvr.chaos;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that were free for UDP and TCP a moment ago, below those that the system gives away by
 * itself: for servers that must be found under the same port after a restart.
 */
final class Ports {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final int TRIES_MAX = 2_000;

  private final Set<Integer> given = new HashSet<>();

  int next() {
    for (int i = 0; i < TRIES_MAX; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (!given.contains(port) && free(port)) {
        given.add(port);
        return port;
      }
    }
    throw new ChaosException("no free port from " + FIRST + " to " + END);
  }

  private static boolean free(int port) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, port))) {
      tcp.bind(new InetSocketAddress(loopback, port));
      return udp.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static String text(int port) {
    return "127.0.0.1:" + port;
  }
}
