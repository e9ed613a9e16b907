package dev.gatesvr.upstream.service;

/**
 * What became of a push.
 *
 * @param outcome the short answer
 * @param gateway the gateway that gave it, empty when there was none to ask
 * @param message one line for people
 * @param errorCode the gateway's code when it refused, else empty
 */
public record PushResult(Outcome outcome, String gateway, String message, String errorCode) {
  /** The short answer. */
  public enum Outcome {
    /** A gateway took it for the player. */
    ACCEPTED,
    /** Every gateway that could be asked refused it, usually because it has no such player. */
    REFUSED,
    /** No gateway was connected: nothing was sent. */
    UNREACHABLE,
    /** It was sent and no answer came: the player may get it. */
    UNKNOWN
  }

  public boolean accepted() {
    return outcome == Outcome.ACCEPTED;
  }
}
