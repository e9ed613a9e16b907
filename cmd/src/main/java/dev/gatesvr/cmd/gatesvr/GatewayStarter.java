package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.GatewayConfig;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Starts a gateway; what the program knows of it. */
@FunctionalInterface
interface GatewayStarter {
  /**
   * Binds everything.
   *
   * @throws ConfigException for an address or certificate that cannot be used
   * @throws IOException for anything else that keeps it from starting
   */
  Running start(GatewayConfig config) throws IOException;

  /** A gateway that has bound everything. */
  interface Running {
    InetSocketAddress quicAddress();

    InetSocketAddress grpcAddress();

    InetSocketAddress httpAddress();

    InetSocketAddress metricsAddress();

    /** Stops gracefully; blocks for the configured shutdown timeout at most. */
    void stop();
  }
}
