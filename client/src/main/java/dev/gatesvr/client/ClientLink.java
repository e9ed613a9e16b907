package dev.gatesvr.client;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.SendResult;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect and the connection it became. What happens on it reaches the core only
 * while it is the client's current one. Confined to the loop.
 */
final class ClientLink implements ConnectionAcceptor<ServerPush>, ConnectionHandler<ServerPush> {
  private final ClientEdge edge;
  private @Nullable Connection connection;
  private boolean ended;

  ClientLink(ClientEdge edge) {
    this.edge = edge;
  }

  @Override
  public ConnectionHandler<ServerPush> onOpen(Connection opened) {
    connection = opened;
    if (!edge.isCurrent(this)) {
      opened.close(CloseCode.NORMAL);
    }
    return this;
  }

  /** Messages may be sent. */
  void onConnected(long nowNanos) {
    if (edge.isCurrent(this)) {
      edge.core().onConnected(nowNanos);
    }
  }

  /** The attempt failed. */
  void onFailed(String why) {
    end(new CloseReason(CloseCode.CONNECTION_LOST, false, why));
  }

  @Override
  public void onFrame(ServerPush frame, long receivedNanos) {
    if (edge.isCurrent(this)) {
      edge.input(now -> edge.core().onFrame(frame, receivedNanos));
    }
  }

  @Override
  public void onFault(FrameFault fault) {
    if (connection != null) {
      connection.close(fault.closeCode());
    }
  }

  @Override
  public void onWritable() {
    if (edge.isCurrent(this)) {
      edge.input(edge.core()::onWritable);
    }
  }

  @Override
  public void onClosed(CloseReason reason) {
    end(reason);
  }

  /** The first end counts: an attempt that failed late may also have closed. */
  private void end(CloseReason reason) {
    if (ended) {
      return;
    }
    ended = true;
    if (edge.isCurrent(this)) {
      edge.forget(this);
      edge.input(now -> edge.core().onDisconnected(reason, now));
    }
    edge.released();
  }

  SendResult send(ClientRequest message) {
    return connection == null ? SendResult.CLOSED : connection.send(message);
  }

  void reading(boolean enabled) {
    if (connection != null) {
      connection.reading(enabled);
    }
  }

  /** An attempt that is still under way is closed when it succeeds. */
  void hangUp(CloseCode code) {
    if (connection != null) {
      connection.close(code);
    }
  }
}
