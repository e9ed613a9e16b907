package dev.gatesvr.backup.role;

/** How a link, or an attempt to dial, ended. */
public enum LinkEnd {
  /** The other's system ended it: its process may be dead. */
  RESET,
  /** A dial was refused: no process listens there. */
  REFUSED,
  /** The other said goodbye, or refused this process in words. */
  CLOSED,
  /** Anything else: no route, a timeout, a handshake that failed. Says nothing about the other. */
  OTHER
}
