package dev.gatesvr.gateway.shard;

import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.transport.Connection;
import org.jspecify.annotations.Nullable;

/**
 * A START whose sender is known, on its way to the shard of its player.
 *
 * @param msgId the START's, which its answer carries
 * @param start bounds checked; the OpenID is the player's own
 * @param claim what its resume token says, already opened; null for a login
 * @param connection where it came from
 * @param binding told of the outcome on the connection's loop
 */
public record StartCommand(
    int msgId,
    StartRequest start,
    @Nullable ResumeClaim claim,
    Connection connection,
    Binding binding) {

  /** The connection's side of a START. */
  public interface Binding {
    /** The session is attached; what arrives on the connection goes to {@code attachment}. */
    void onAttached(Attachment attachment);

    /** No session could be had; the connection says so and closes as overloaded. */
    void onRefused(String why);

    /** The claim resumes nothing; the client may log in on the same connection. */
    void onResumeRefused(int msgId, String why);

    /** A newer login took the place of the session that the claim names. */
    void onReplaced();
  }
}
