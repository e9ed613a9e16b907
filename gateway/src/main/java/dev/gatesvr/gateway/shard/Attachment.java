package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.ClientRequest;

/** A connection's way to its session, called on the connection's loop. */
public interface Attachment {
  /** One frame of the attached client. */
  void onFrame(ClientRequest frame, long receivedNanos);

  /** The connection takes messages again. */
  void onWritable();

  /** The connection is gone. */
  void onClosed();
}
