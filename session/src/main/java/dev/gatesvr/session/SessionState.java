package dev.gatesvr.session;

/** Where a session is in its life; the arrows are in the package documentation. */
public enum SessionState {
  /** No connection; what arrives is kept for the next one. */
  DETACHED,
  /** One connection, to which messages are sent as it takes them. */
  ATTACHED,
  /** Over: it accepts nothing and is about to leave every index. */
  ENDED
}
