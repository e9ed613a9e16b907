package dev.gatesvr.gateway.lifecycle;

/** Why a session ended. */
public enum EndReason {
  /** The client said STOP. */
  STOPPED,
  /** Nobody came back within the session timeout. */
  EXPIRED,
  /** A newer login of the same player. */
  REPLACED,
  /** An operator. */
  KICKED,
  /** Not ended: the other gateway of the pair leads, and the session goes on there. */
  MOVED
}
