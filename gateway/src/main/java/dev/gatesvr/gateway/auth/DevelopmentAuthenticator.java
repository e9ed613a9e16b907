package dev.gatesvr.gateway.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts any token, and says so once: for development only. */
public final class DevelopmentAuthenticator implements Authenticator {
  private static final Logger log = LoggerFactory.getLogger(DevelopmentAuthenticator.class);

  private final CompletionStage<AuthResult> accepted =
      CompletableFuture.completedStage(new AuthResult.Accepted());

  public DevelopmentAuthenticator() {
    log.warn("authentication: development, every token is accepted; not for production");
  }

  @Override
  public CompletionStage<AuthResult> authenticate(Credentials credentials) {
    return accepted;
  }
}
