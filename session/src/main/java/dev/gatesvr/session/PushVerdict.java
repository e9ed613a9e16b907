package dev.gatesvr.session;

/** What became of a push, honestly. */
public enum PushVerdict {
  /** Handed to the connection, and kept until the client acknowledges it. */
  DELIVERED(true),
  /** Kept for the connection to take, or for the player to come back. */
  QUEUED(true),
  /** Waits for the answer of the request it is bound to. */
  BOUND(true),
  /** The request it is bound to was answered, ended or never existed. */
  NOT_BOUND(false),
  /** The session holds as much unacknowledged as it may: try again after a while. */
  FULL(false),
  /** It does not fit a frame. */
  TOO_LARGE(false),
  /** The session has ended. */
  ENDED(false);

  private final boolean accepted;

  PushVerdict(boolean accepted) {
    this.accepted = accepted;
  }

  /** True when the player will get it unless the session expires first. */
  public boolean accepted() {
    return accepted;
  }
}
