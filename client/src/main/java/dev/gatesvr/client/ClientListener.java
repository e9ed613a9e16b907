package dev.gatesvr.client;

import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.client.core.ServerAddress;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.transport.CloseReason;
import java.time.Duration;
import java.util.List;

/**
 * What a client tells its application. All calls come one at a time and in order, on the client's
 * executor and never on an event loop, so a call may block: then nothing more is read from the
 * gateway until it returns. A push or a gap is acknowledged once its call has returned, also by
 * throwing; what is thrown is logged.
 *
 * <p>After a lost connection exactly one of {@link #onResumed} and {@link #onResync} says what
 * became of the pushes in between. So no push is ever missing without {@link #onGap}, {@link
 * #onResync}, {@link #onKicked} or {@link #onClosed}.
 *
 * <p>A reason that this version does not know is given as {@code UNKNOWN}.
 */
public interface ClientListener {
  /** A zone sent something. Exactly once, in the order of its session. */
  default void onPush(Push push) {}

  /**
   * Pushes that their sender declared droppable were dropped, because the session held too much or
   * they grew too old. Called where they would have come.
   *
   * @param firstSeqId position of the oldest one that is missing
   * @param lastSeqId position of the newest; all between are missing too
   */
  default void onGap(long firstSeqId, long lastSeqId, Gap.Reason reason) {}

  /** The client entered another state; {@code why} is empty on the ordinary way. */
  default void onStateChanged(ClientState state, String why) {}

  /** The client is back after a lost connection, and nothing was missed. */
  default void onResumed() {}

  /**
   * The client is back, but its history is not: pushes may be missing, and what the application
   * shows should be loaded anew. Requests that may have run in the old session have failed with
   * {@link OutcomeUnknownException}.
   *
   * <p>A gateway of GateSvr's own wire cannot say that it continues. There {@link #onResumed} may
   * be followed by this call, when the first push shows that it did not.
   *
   * @param reason UNKNOWN when the gateway did not say
   * @param detail one line for people, possibly empty
   */
  default void onResync(Resync.Reason reason, String detail) {}

  /**
   * The gateway ended the session, and the client does not come back: a newer login of the same
   * OpenID took its place, or an operator ended it. Only {@link #onStateChanged} with CLOSED and
   * {@link #onClosed} follow.
   *
   * @param detail one line for people, possibly empty
   */
  default void onKicked(Kicked.Reason reason, String detail) {}

  /**
   * The gateway is about to stop, and asks its clients to come back elsewhere or later. The client
   * does so by itself and keeps its session if the gateway could keep it: {@link #onResumed} or
   * {@link #onResync} will tell.
   *
   * @param addresses where it goes, best first; empty: to the gateways it was given
   * @param wait how long it stays away at least
   */
  default void onGoAway(List<ServerAddress> addresses, Duration wait) {}

  /**
   * The session goes on at another gateway of its pair. {@link #onResumed} or {@link #onResync}
   * follows and says whether anything was missed, as after a lost connection; over the client's
   * second connection the state stays READY.
   *
   * @param gateway as its partner named it, or as it was given to the client
   */
  default void onFailover(ServerAddress gateway) {}

  /** The gateway complains about the session rather than about one request. */
  default void onError(ErrorMessage error) {}

  /**
   * The last call: the client is closed, by the application, by giving up, or by the gateway for
   * good, such as {@link dev.gatesvr.proto.CloseCode#REPLACED}.
   */
  default void onClosed(CloseReason reason) {}
}
