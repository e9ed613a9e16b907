package dev.gatesvr.gateway.auth.sealed;

import dev.gatesvr.gateway.auth.AuthResult;
import dev.gatesvr.gateway.auth.AuthResult.Rejected;
import dev.gatesvr.gateway.auth.Authenticator;
import dev.gatesvr.gateway.auth.Credentials;
import dev.gatesvr.gateway.auth.key.Envelope;
import dev.gatesvr.gateway.auth.key.Envelope.Opening;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.sealed.NonceCache.Nonce;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Accepts each token of a {@link SealedTokenMint} with the same key once, for the player it names,
 * until it expires. Thread-safe, answers at once.
 */
public final class SealedTokenAuthenticator implements Authenticator {
  private final Envelope envelope;
  private final Rules rules;
  private final NonceCache nonces;
  private final InstantSource clock;

  /**
   * What a token must keep.
   *
   * @param ttlMax how far ahead its expiry may lie; bounds how long its nonce is remembered
   * @param clockSkew how much later than this gateway's clock the login service's may be, or
   *     earlier
   * @param noncesMax live nonces remembered; beyond it logins are refused as unavailable
   */
  public record Rules(Duration ttlMax, Duration clockSkew, int noncesMax) {}

  /** An authenticator that asks {@code keys} on every call. */
  public SealedTokenAuthenticator(Supplier<KeyRing> keys, Rules rules, InstantSource clock) {
    this.envelope = new Envelope(SealedTokenMint.PURPOSE, SealedTokenMint.PLAIN_BYTES_MAX, keys);
    this.rules = rules;
    this.nonces = new NonceCache(rules.noncesMax());
    this.clock = clock;
  }

  @Override
  public CompletionStage<AuthResult> authenticate(Credentials credentials) {
    return CompletableFuture.completedStage(check(credentials));
  }

  private AuthResult check(Credentials credentials) {
    if (credentials.token().isEmpty()) {
      return Rejected.because("missing");
    }
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(credentials.token());
    } catch (IllegalArgumentException e) {
      return Rejected.because("malformed");
    }
    return switch (envelope.open(sealed)) {
      case Opening.Plain plain -> read(plain.plain(), credentials.openid());
      case Opening.Failure failure -> Rejected.because(failure.name().toLowerCase(Locale.ROOT));
    };
  }

  private AuthResult read(ByteBuffer plain, String openid) {
    if (plain.remaining() < Long.BYTES + SealedTokenMint.NONCE_BYTES) {
      return Rejected.because("malformed");
    }
    long expiryMillis = plain.getLong();
    Nonce nonce = new Nonce(plain.getLong(), plain.getLong());
    if (!StandardCharsets.UTF_8.decode(plain).toString().equals(openid)) {
      return Rejected.because("subject");
    }
    long now = clock.millis();
    long skew = rules.clockSkew().toMillis();
    if (expiryMillis <= now - skew) {
      return Rejected.because("expired");
    }
    if (expiryMillis > now + rules.ttlMax().toMillis() + skew) {
      return Rejected.because("too_long");
    }
    return switch (nonces.use(nonce, expiryMillis + skew, now)) {
      case FIRST -> new AuthResult.Accepted();
      case REPLAYED -> Rejected.because("replayed");
      case FORGOTTEN -> Rejected.because("expired");
      case FULL -> new AuthResult.Unavailable("nonces_full");
    };
  }
}
