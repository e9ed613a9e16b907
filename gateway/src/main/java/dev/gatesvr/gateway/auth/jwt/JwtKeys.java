package dev.gatesvr.gateway.auth.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.key.NamedKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys that tokens are checked with, newest first. Immutable. */
public final class JwtKeys {
  /** Fewest bytes of an HS256 secret (RFC 7518 §3.2). */
  public static final int SECRET_BYTES_MIN = 32;

  /** Most bytes of one: longer adds nothing. */
  public static final int SECRET_BYTES_MAX = 1_024;

  /** Keys tried for a token without {@code kid}: enough for a rotation, bounded for an attacker. */
  private static final int UNNAMED_TRIED_MAX = 2;

  private final List<JwtKey> keys;

  private JwtKeys(List<JwtKey> keys) {
    if (keys.isEmpty() || keys.size() > KeyRing.KEYS_MAX) {
      throw new IllegalArgumentException(
          "1 to " + KeyRing.KEYS_MAX + " keys, here are " + keys.size());
    }
    Set<String> ids = new HashSet<>();
    for (JwtKey key : keys) {
      if (!key.id().isEmpty() && !ids.add(key.id())) {
        throw new IllegalArgumentException("each kid once; one is there twice");
      }
    }
    this.keys = List.copyOf(keys);
  }

  /** HS256 secrets; a key's name is its {@code kid}. */
  public static JwtKeys ofSecrets(KeyRing ring) {
    return new JwtKeys(ring.keys().stream().map(JwtKeys::ofSecret).toList());
  }

  private static JwtKey ofSecret(NamedKey key) {
    return JwtKey.of(new OctetSequenceKey.Builder(key.bytes()).keyID(key.id()).build());
  }

  /**
   * Reads a key file: a JWK Set (RFC 7517 §5) when it begins with a brace, otherwise lines of
   * {@code kid:base64} with HS256 secrets.
   *
   * @throws IllegalArgumentException whose message is what was expected; it never quotes a key
   */
  public static JwtKeys parseFile(String text) {
    if (!text.stripLeading().startsWith("{")) {
      return ofSecrets(KeyRing.parseFile(text, SECRET_BYTES_MIN, SECRET_BYTES_MAX));
    }
    List<JwtKey> keys = new ArrayList<>();
    for (JWK jwk : set(text).getKeys()) {
      try {
        keys.add(JwtKey.of(jwk));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("key " + (keys.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    return new JwtKeys(keys);
  }

  private static JWKSet set(String text) {
    try {
      return JWKSet.parse(text);
    } catch (ParseException e) {
      // The cause's message may quote the file.
      throw new IllegalArgumentException("a JWK Set, or lines of kid:base64");
    }
  }

  /**
   * The keys that a token may have been signed with.
   *
   * @param kid null when the token names none
   */
  List<JwtKey> candidates(@Nullable String kid, JWSAlgorithm algorithm) {
    if (kid != null) {
      return keys.stream()
          .filter(key -> key.id().equals(kid) && key.algorithm().equals(algorithm))
          .toList();
    }
    return keys.stream()
        .filter(key -> key.algorithm().equals(algorithm))
        .limit(UNNAMED_TRIED_MAX)
        .toList();
  }

  /** Whether any key is of this algorithm. */
  boolean knows(JWSAlgorithm algorithm) {
    return keys.stream().anyMatch(key -> key.algorithm().equals(algorithm));
  }

  /** The newest key that can sign; null when all are public. */
  @Nullable JwtKey newestThatSigns() {
    return keys.stream().filter(JwtKey::canSign).findFirst().orElse(null);
  }

  /** Names and algorithms only. */
  @Override
  public String toString() {
    return "JwtKeys" + keys;
  }
}
