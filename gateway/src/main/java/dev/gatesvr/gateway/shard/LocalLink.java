package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.SendResult;
import java.net.SocketAddress;

/**
 * Both ways between a session and a connection on its own loop: called directly. One object, since
 * nearly every session has one.
 */
final class LocalLink implements PlayerLink, Attachment {
  private final PlayerSession session;
  private final Connection connection;

  LocalLink(PlayerSession session, Connection connection) {
    this.session = session;
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

  @Override
  public void onFrame(ClientRequest frame, long receivedNanos) {
    session.onFrame(this, frame, receivedNanos);
  }

  @Override
  public void onWritable() {
    session.onWritable(this);
  }

  @Override
  public void onClosed() {
    session.onConnectionClosed(this);
  }
}
