package dev.gatesvr.gateway.auth.sealed;

import dev.gatesvr.gateway.auth.key.Envelope;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.proto.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.function.Supplier;

/** Makes login tokens; for a login service, and for tests. Thread-safe. */
public final class SealedTokenMint {
  static final String PURPOSE = "gatesvr-login";
  static final int NONCE_BYTES = 16;
  static final int PLAIN_BYTES_MAX = Long.BYTES + NONCE_BYTES + Limits.OPENID_BYTES_MAX;

  private final SecureRandom random = new SecureRandom();
  private final Envelope envelope;
  private final InstantSource clock;

  /**
   * Tokens under these keys.
   *
   * @param keys the newest seals
   */
  public SealedTokenMint(Supplier<KeyRing> keys, InstantSource clock) {
    this.envelope = new Envelope(PURPOSE, PLAIN_BYTES_MAX, keys);
    this.clock = clock;
  }

  /**
   * A token with which this player can log in once.
   *
   * @param ttl from now; at most the gateway's {@code auth.sealed.ttl_max}
   * @throws IllegalArgumentException when the OpenID has not 1 to 128 UTF-8 bytes
   */
  public String mint(String openid, Duration ttl) {
    byte[] name = openid.getBytes(StandardCharsets.UTF_8);
    if (name.length < 1 || name.length > Limits.OPENID_BYTES_MAX) {
      throw new IllegalArgumentException(
          "openid bytes: " + name.length + " (expected: 1 to " + Limits.OPENID_BYTES_MAX + ")");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    ByteBuffer plain =
        ByteBuffer.allocate(Long.BYTES + NONCE_BYTES + name.length)
            .putLong(clock.instant().plus(ttl).toEpochMilli())
            .put(nonce)
            .put(name);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(envelope.seal(plain.array()));
  }
}
