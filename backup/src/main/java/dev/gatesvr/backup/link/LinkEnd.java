package dev.gatesvr.backup.link;

/** Why a link, or an attempt to make one, ended: what it says about the other's process. */
public enum LinkEnd {
  /**
   * A reset, or the end of the stream, without a goodbye. The other's kernel closed the socket, so
   * its process died (or a middlebox on the way cut the connection: ask the witnesses too).
   */
  RESET,
  /** The other said a goodbye: its process lives, or ends in order. */
  CLOSED,
  /** Nobody listens at the address, which a machine denied: no such process. Only of an attempt. */
  REFUSED,
  /** No answer or no way to the address: says nothing about the process. Only of an attempt. */
  UNREACHABLE,
  /** One of the two did not accept the other's hello: both live. Only of an attempt. */
  TURNED_AWAY,
  /** The TLS handshake failed: both live. Only of an attempt. */
  UNTRUSTED,
  /** The other broke the rules of the link, and lives. */
  PROTOCOL,
  /** Nothing came for too long, or the network gave up: says nothing about the process. */
  TIMEOUT,
  /** This side closed it. */
  LOCAL
}
