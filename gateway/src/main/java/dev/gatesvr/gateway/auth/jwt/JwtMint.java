package dev.gatesvr.gateway.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Makes tokens that {@link JwtAuthenticator} accepts; for operators and tests. Thread-safe. */
public final class JwtMint {
  private final JwtKeys keys;
  private final InstantSource clock;

  public JwtMint(JwtKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * A token signed with the newest key that can sign.
   *
   * @param rules whose issuer and audience it carries where they are not empty
   * @throws IllegalArgumentException when every key is public
   */
  public String mint(String openid, Duration ttl, JwtRules rules) {
    @Nullable JwtKey key = keys.newestThatSigns();
    if (key == null) {
      throw new IllegalArgumentException(keys + " (expected: a secret or private key among them)");
    }
    JWSHeader.Builder header = new JWSHeader.Builder(key.algorithm());
    if (!key.id().isEmpty()) {
      header.keyID(key.id());
    }
    Instant now = clock.instant();
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .subject(openid)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(ttl)));
    if (!rules.issuer().isEmpty()) {
      claims.issuer(rules.issuer());
    }
    if (!rules.audience().isEmpty()) {
      claims.audience(rules.audience());
    }
    SignedJWT token = new SignedJWT(header.build(), claims.build());
    try {
      token.sign(key.signer());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign with " + key, e);
    }
    return token.serialize();
  }
}
