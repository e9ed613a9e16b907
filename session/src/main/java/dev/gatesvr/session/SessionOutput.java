package dev.gatesvr.session;

import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import org.jspecify.annotations.Nullable;

/**
 * What a session does to the world. Implementations may not call back into the session from inside
 * these methods.
 */
public interface SessionOutput {
  /**
   * Hands one message to the attached connection.
   *
   * @return false when the connection takes nothing now; {@link Session#onWritable} follows
   */
  boolean transmit(ServerPush push);

  /**
   * Asks whether a new request may run, and takes what it needs to run. Asked once per request that
   * passed the session's own bounds.
   *
   * @return why not, or null when it was admitted; then {@link #finished} follows exactly once
   */
  @Nullable Refusal admit();

  /** Runs the request upstream; {@link Session#onReply} follows exactly once. */
  void execute(long clientSeq, BusinessRequest request);

  /** An admitted request is over, however it ended. */
  void finished();

  /** Closes the attached connection; the session goes on detached unless it has ended. */
  void close(CloseCode code);
}
