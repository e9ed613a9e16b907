package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.gateway.Gateway;
import dev.gatesvr.gateway.config.GatewayConfig;
import java.net.InetSocketAddress;

/** The real gateway behind the program's port. */
record LiveGateway(Gateway gateway) implements GatewayStarter.Running {
  static LiveGateway start(GatewayConfig config) {
    return new LiveGateway(Gateway.start(config));
  }

  @Override
  public InetSocketAddress quicAddress() {
    return gateway.quicAddress();
  }

  @Override
  public InetSocketAddress grpcAddress() {
    return gateway.grpcAddress();
  }

  @Override
  public InetSocketAddress httpAddress() {
    return gateway.httpAddress();
  }

  @Override
  public InetSocketAddress metricsAddress() {
    return gateway.metricsAddress();
  }

  @Override
  public void stop() {
    gateway.stop();
  }
}
