package dev.gatesvr.gateway.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatesvr.gateway.auth.AuthResult;
import dev.gatesvr.gateway.auth.AuthResult.Rejected;
import dev.gatesvr.gateway.auth.Authenticator;
import dev.gatesvr.gateway.auth.Credentials;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Accepts a signed JWT whose subject is the OpenID that logs in, as often as it comes until it
 * expires. Thread-safe; answers at once, after at most two signature checks.
 */
public final class JwtAuthenticator implements Authenticator {
  private final Supplier<JwtKeys> keys;
  private final JwtRules rules;
  private final InstantSource clock;

  /** An authenticator that asks {@code keys} on every call. */
  public JwtAuthenticator(Supplier<JwtKeys> keys, JwtRules rules, InstantSource clock) {
    this.keys = keys;
    this.rules = rules;
    this.clock = clock;
  }

  @Override
  public CompletionStage<AuthResult> authenticate(Credentials credentials) {
    String mistake = mistakeIn(credentials);
    return CompletableFuture.completedStage(
        mistake.isEmpty() ? new AuthResult.Accepted() : Rejected.because(mistake));
  }

  /** What is wrong, as a word for the metrics; empty when nothing is. */
  private String mistakeIn(Credentials credentials) {
    if (credentials.token().isEmpty()) {
      return "missing";
    }
    try {
      SignedJWT token = SignedJWT.parse(credentials.token());
      String signature = mistakeInSignature(token);
      return signature.isEmpty()
          ? mistakeInClaims(token.getJWTClaimsSet(), credentials.openid())
          : signature;
    } catch (ParseException e) {
      return "malformed";
    }
  }

  private String mistakeInSignature(SignedJWT token) {
    JWSHeader header = token.getHeader();
    JwtKeys ring = keys.get();
    if (!ring.knows(header.getAlgorithm())) {
      return "algorithm";
    }
    List<JwtKey> candidates = ring.candidates(header.getKeyID(), header.getAlgorithm());
    if (candidates.isEmpty()) {
      return "unknown_key";
    }
    return candidates.stream().anyMatch(key -> signed(token, key)) ? "" : "signature";
  }

  private static boolean signed(SignedJWT token, JwtKey key) {
    try {
      return token.verify(key.verifier());
    } catch (JOSEException e) {
      // The algorithm fits the key, so it is the signature that cannot be one.
      return false;
    }
  }

  private String mistakeInClaims(@Nullable JWTClaimsSet claims, String openid) {
    if (claims == null) {
      return "malformed";
    }
    Instant now = clock.instant();
    Duration skew = rules.clockSkew();
    @Nullable Date expires = claims.getExpirationTime();
    @Nullable Date notBefore = claims.getNotBeforeTime();
    if (expires == null) {
      return "no_expiry";
    }
    if (!now.minus(skew).isBefore(expires.toInstant())) {
      return "expired";
    }
    if (notBefore != null && now.plus(skew).isBefore(notBefore.toInstant())) {
      return "not_yet";
    }
    if (!rules.issuer().isEmpty() && !rules.issuer().equals(claims.getIssuer())) {
      return "issuer";
    }
    if (!rules.audience().isEmpty() && !claims.getAudience().contains(rules.audience())) {
      return "audience";
    }
    return openid.equals(claims.getSubject()) ? "" : "subject";
  }
}
