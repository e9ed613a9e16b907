package dev.gatesvr.client;

import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.transport.CloseReason;

/**
 * What a client tells its application. All calls come one at a time and in order, on the client's
 * executor and never on an event loop, so a call may block: then nothing more is read from the
 * gateway until it returns. A push is acknowledged once its call has returned, also by throwing;
 * what is thrown is logged.
 */
public interface ClientListener {
  /** A zone sent something. Exactly once, in the order of its session. */
  default void onPush(Push push) {}

  /** The client entered another state; {@code why} is empty on the ordinary way. */
  default void onStateChanged(ClientState state, String why) {}

  /**
   * The client is back after a lost connection.
   *
   * @param continuous true when nothing was missed; false when pushes may be missing, and what the
   *     application shows should be loaded anew
   */
  default void onResumed(boolean continuous) {}

  /** The gateway complains about the session rather than about one request. */
  default void onError(ErrorMessage error) {}

  /**
   * The last call: the client is closed, by the application, by giving up, or by the gateway for
   * good, such as {@link dev.gatesvr.proto.CloseCode#REPLACED}.
   */
  default void onClosed(CloseReason reason) {}
}
