package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.transport.Connection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way to a session on another loop than the connection's: every frame takes one hop, with a
 * bounded number of them on their way.
 */
final class RemoteAttachment implements Attachment {
  private static final int FRAMES_ON_THEIR_WAY_MAX = 64;

  private final PlayerSession session;
  private final RemoteLink link;
  private final Connection connection;
  private final AtomicInteger framesOnTheirWay = new AtomicInteger();
  private boolean paused;

  RemoteAttachment(PlayerSession session, RemoteLink link, Connection connection) {
    this.session = session;
    this.link = link;
    this.connection = connection;
  }

  @Override
  public void onFrame(ClientRequest frame, long receivedNanos) {
    if (framesOnTheirWay.incrementAndGet() >= FRAMES_ON_THEIR_WAY_MAX && !paused) {
      paused = true;
      connection.reading(false);
    }
    session
        .shard()
        .execute(
            () -> {
              session.onFrame(link, frame, receivedNanos);
              if (framesOnTheirWay.decrementAndGet() == 0) {
                connection.loop().execute(this::resumeReading);
              }
            });
  }

  @Override
  public void onWritable() {
    link.onWritable();
  }

  @Override
  public void onClosed() {
    session.shard().execute(() -> session.onConnectionClosed(link));
  }

  private void resumeReading() {
    if (paused && framesOnTheirWay.get() < FRAMES_ON_THEIR_WAY_MAX) {
      paused = false;
      connection.reading(true);
    }
  }
}
