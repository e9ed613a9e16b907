package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.SendResult;
import java.net.SocketAddress;
import java.util.ArrayDeque;

/**
 * A connection on another loop than its session's shard: every message takes one hop. Bytes on
 * their way are bounded by a window; what the connection does not take waits on its own loop,
 * inside the same window, and credits come back as it is taken.
 */
final class RemoteLink implements PlayerLink {
  /** Enough to fill a connection's write buffer while a credit is on its way back. */
  static final int WINDOW_BYTES = 128 * 1024;

  private final Connection connection;
  private final SessionShard shard;
  private final Runnable onCredit;

  // Confined to the shard's loop.
  private int bytesOnTheirWay;
  private boolean starved;

  // Confined to the connection's loop.
  private final ArrayDeque<ServerPush> waiting = new ArrayDeque<>();

  /**
   * @param onCredit runs on the shard when a refused {@link #transmit} may be tried again
   */
  RemoteLink(Connection connection, SessionShard shard, Runnable onCredit) {
    this.connection = connection;
    this.shard = shard;
    this.onCredit = onCredit;
  }

  @Override
  public boolean transmit(ServerPush push) {
    // One message of any size may travel alone.
    if (bytesOnTheirWay >= WINDOW_BYTES) {
      starved = true;
      return false;
    }
    bytesOnTheirWay += push.getSerializedSize();
    connection.loop().execute(() -> deliver(push));
    return true;
  }

  @Override
  public void close(CloseCode code) {
    connection.loop().execute(() -> connection.close(code));
  }

  @Override
  public String transport() {
    return connection.transport();
  }

  @Override
  public SocketAddress remoteAddress() {
    return connection.remoteAddress();
  }

  /** On the connection's loop: it takes messages again. */
  void onWritable() {
    ServerPush next = waiting.peekFirst();
    while (next != null && tryDeliver(next)) {
      waiting.removeFirst();
      next = waiting.peekFirst();
    }
  }

  private void deliver(ServerPush push) {
    if (!waiting.isEmpty() || !tryDeliver(push)) {
      waiting.addLast(push);
    }
  }

  private boolean tryDeliver(ServerPush push) {
    SendResult result = connection.send(push);
    if (result == SendResult.BACKPRESSURED) {
      return false;
    }
    // A closed connection takes nothing, but its bytes are no longer on their way.
    int bytes = push.getSerializedSize();
    shard.execute(() -> credit(bytes));
    return true;
  }

  private void credit(int bytes) {
    bytesOnTheirWay -= bytes;
    if (starved && bytesOnTheirWay < WINDOW_BYTES / 2) {
      starved = false;
      onCredit.run();
    }
  }
}
