package dev.gatesvr.cmd.demo.pair;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Addresses of one gateway that others must know before it starts and that a restart keeps, each
 * {@code host:port}. They were free when they were drawn; somebody else may take one before the
 * gateway does, then the gateway says so and ends.
 */
record NodePorts(String quic, String grpc, String link) {
  static NodePorts free() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket quic = new DatagramSocket(0, loopback);
        ServerSocket grpc = new ServerSocket(0, 1, loopback);
        ServerSocket link = new ServerSocket(0, 1, loopback)) {
      return new NodePorts(
          "127.0.0.1:" + quic.getLocalPort(),
          "127.0.0.1:" + grpc.getLocalPort(),
          "127.0.0.1:" + link.getLocalPort());
    }
  }
}
