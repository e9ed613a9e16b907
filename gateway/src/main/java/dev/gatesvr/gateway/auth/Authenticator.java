package dev.gatesvr.gateway.auth;

import java.util.concurrent.CompletionStage;

/** Decides whether a START may have the OpenID it asks for. Called on event loops: never blocks. */
@FunctionalInterface
public interface Authenticator {
  /**
   * Checks one START. The stage may complete on any thread; completing exceptionally refuses the
   * START as a fault of the gateway, and one that takes longer than the first-message timeout is
   * given up with its connection.
   */
  CompletionStage<AuthResult> authenticate(Credentials credentials);
}
