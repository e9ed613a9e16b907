package dev.gatesvr.gateway.auth;

/** The answer to a START's credentials. */
public sealed interface AuthResult {
  /** The player is who the OpenID says. */
  record Accepted() implements AuthResult {}

  /**
   * It is not.
   *
   * @param why one line for the player; never says which part of a token was wrong
   * @param reason one word of a small set for the metrics, lower case letters and underscores
   */
  record Rejected(String why, String reason) implements AuthResult {
    /** What every player reads, whatever was wrong. */
    private static final String WHY = "the credentials are not accepted";

    /** A refusal in the words that all refusals share. */
    public static Rejected because(String reason) {
      return new Rejected(WHY, reason);
    }
  }

  /**
   * Nobody can tell now; the player may come back later.
   *
   * @param reason as in {@link Rejected}
   */
  record Unavailable(String reason) implements AuthResult {}
}
