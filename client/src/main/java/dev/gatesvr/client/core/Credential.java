package dev.gatesvr.client.core;

/** What proves who plays when a client logs in; a resumed session needs none. */
public sealed interface Credential {
  /** The same token at every login. */
  record Fixed(String token) implements Credential {
    /** Without the token, which belongs in no log. */
    @Override
    public String toString() {
      return "Fixed[]";
    }
  }

  /** Asked from the application at every login, through {@link ClientOutput#askToken}. */
  record Asked() implements Credential {}
}
