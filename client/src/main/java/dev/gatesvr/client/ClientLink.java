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
 * One attempt to connect and the connection it became. What happens on it reaches the core as an
 * event of the role it has then, and not at all while it has none. Confined to the loop.
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
    if (edge.role(this) == ClientEdge.Role.NONE) {
      opened.close(CloseCode.NORMAL);
    }
    return this;
  }

  /** Messages may be sent. */
  void onConnected(long nowNanos) {
    switch (edge.role(this)) {
      case MAIN -> edge.core().onConnected(nowNanos);
      case WARM -> edge.core().onWarmConnected(nowNanos);
      case NONE -> {}
    }
  }

  /** The attempt failed. */
  void onFailed(String why) {
    end(new CloseReason(CloseCode.CONNECTION_LOST, false, why));
  }

  @Override
  public void onFrame(ServerPush frame, long receivedNanos) {
    switch (edge.role(this)) {
      case MAIN -> edge.input(now -> edge.core().onFrame(frame, receivedNanos));
      case WARM -> edge.input(now -> edge.core().onWarmFrame(frame, receivedNanos));
      case NONE -> {}
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
    if (edge.role(this) == ClientEdge.Role.MAIN) {
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
    ClientEdge.Role role = edge.role(this);
    edge.forget(this);
    switch (role) {
      case MAIN -> edge.input(now -> edge.core().onDisconnected(reason, now));
      case WARM -> edge.input(now -> edge.core().onWarmDisconnected(reason, now));
      case NONE -> {}
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
