package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.transport.Connection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A connection's way to its session, called on the connection's loop. Where that is also the
 * shard's loop it calls straight through; otherwise it hops, with a bounded number of frames on
 * their way.
 */
public final class Attachment {
  private static final int FRAMES_ON_THEIR_WAY_MAX = 64;

  private final PlayerSession session;
  private final PlayerLink link;
  private final Connection connection;
  private final AtomicInteger framesOnTheirWay = new AtomicInteger();
  private boolean paused;

  Attachment(PlayerSession session, PlayerLink link, Connection connection) {
    this.session = session;
    this.link = link;
    this.connection = connection;
  }

  /** One frame of the attached client. */
  public void onFrame(ClientRequest frame, long receivedNanos) {
    if (link instanceof RemoteLink) {
      hop(frame, receivedNanos);
    } else {
      session.onFrame(link, frame, receivedNanos);
    }
  }

  /** The connection takes messages again. */
  public void onWritable() {
    if (link instanceof RemoteLink remote) {
      remote.onWritable();
    } else {
      session.onWritable(link);
    }
  }

  /** The connection is gone. */
  public void onClosed() {
    session.shard().execute(() -> session.onConnectionClosed(link));
  }

  private void hop(ClientRequest frame, long receivedNanos) {
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

  private void resumeReading() {
    if (paused && framesOnTheirWay.get() < FRAMES_ON_THEIR_WAY_MAX) {
      paused = false;
      connection.reading(true);
    }
  }
}
