package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.SendResult;
import java.net.SocketAddress;

/** A connection on the shard's own loop: called directly. */
final class LocalLink implements PlayerLink {
  private final Connection connection;

  LocalLink(Connection connection) {
    this.connection = connection;
  }

  @Override
  public boolean transmit(ServerPush push) {
    return connection.send(push) == SendResult.SENT;
  }

  @Override
  public void close(CloseCode code) {
    connection.close(code);
  }

  @Override
  public String transport() {
    return connection.transport();
  }

  @Override
  public SocketAddress remoteAddress() {
    return connection.remoteAddress();
  }
}
