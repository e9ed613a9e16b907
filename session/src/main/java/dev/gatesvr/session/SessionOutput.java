package dev.gatesvr.session;

import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
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

  /**
   * Runs a request upstream; {@link Session#onReply} follows exactly once.
   *
   * @param frame as it arrived; its sequence names the request
   * @param request its payload
   * @param receivedNanos when it arrived, as told to {@link Session#onRequest}
   */
  void execute(ClientRequest frame, BusinessRequest request, long receivedNanos);

  /** An admitted request is over, however it ended. */
  void finished();

  /**
   * A request ended before it ran: refused, out of sequence, malformed, or dropped with its
   * session.
   *
   * @param code an {@link dev.gatesvr.proto.ErrorCode}
   */
  void refused(int code);

  /** True while all sessions together hold as much as they may. */
  boolean memoryFull();

  /** Closes what was the attached connection; the session is detached already. */
  void close(CloseCode code);
}
