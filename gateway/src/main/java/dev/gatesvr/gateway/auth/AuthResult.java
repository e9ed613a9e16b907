package dev.gatesvr.gateway.auth;

/** The answer to a START's credentials. */
public sealed interface AuthResult {
  /** The player is who the OpenID says. */
  record Accepted() implements AuthResult {}

  /**
   * It is not.
   *
   * @param why one line for the player; never says which part of a token was wrong
   */
  record Rejected(String why) implements AuthResult {}
}
