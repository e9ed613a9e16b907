package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.transport.Connection;

/**
 * An authenticated START on its way to the shard of its player.
 *
 * @param msgId the START's, which its answer carries
 * @param start bounds checked; the OpenID is the player's own
 * @param connection where it came from
 * @param binding told of the outcome on the connection's loop
 */
public record StartCommand(int msgId, StartRequest start, Connection connection, Binding binding) {

  /** The connection's side of a START. */
  public interface Binding {
    /** The session is attached; what arrives on the connection goes to {@code attachment}. */
    void onAttached(Attachment attachment);

    /** No session could be had; the connection says so and closes as overloaded. */
    void onRefused(String why);
  }
}
