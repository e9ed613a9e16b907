package dev.gatesvr.gateway.lifecycle;

/**
 * Told what happens to sessions, in the order that the package documentation shows. Called on the
 * event loop of the session's shard, with every player of that loop waiting: must not block. What
 * it throws is counted, logged at most once a second, and otherwise ignored. Several loops may call
 * at once, for different sessions.
 */
public interface SessionObserver {
  /** A login made a new session. */
  default void onCreated(SessionFacts session) {}

  /** A connection belongs to the session now; nothing was sent on it yet. */
  default void onAttached(SessionFacts session) {}

  /** The history goes on where the client left it; follows {@link #onAttached}. */
  default void onResumed(SessionFacts session) {}

  /** The connection is gone or was replaced; its address is still in the facts. */
  default void onDetached(SessionFacts session) {}

  /** A newer login of the player takes the session's place; {@link #onEnded} follows. */
  default void onTakenOver(SessionFacts session) {}

  /** Nobody came back in time; {@link #onEnded} follows. */
  default void onExpired(SessionFacts session) {}

  /** The session is over and in no index any more. */
  default void onEnded(SessionFacts session, EndReason reason) {}
}
