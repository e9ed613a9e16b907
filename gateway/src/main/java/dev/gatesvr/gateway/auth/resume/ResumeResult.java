package dev.gatesvr.gateway.auth.resume;

import dev.gatesvr.gateway.auth.ResumeClaim;

/** What a presented resume token turned out to be. */
public sealed interface ResumeResult {
  /** A token of ours for this player, in its time. */
  record Opened(ResumeClaim claim) implements ResumeResult {}

  /** Not one to resume with. */
  record Refused(Reason reason) implements ResumeResult {}

  /** Why; for metrics, never for the client. */
  enum Reason {
    /** Not of the form of a token. */
    MALFORMED,
    /** Sealed under a key that is not, or no longer, kept: another gateway's, or too old. */
    UNKNOWN_KEY,
    /** Not what we sealed. */
    ALTERED,
    /** Of another player. */
    FOREIGN,
    /** Past its time. */
    EXPIRED
  }
}
