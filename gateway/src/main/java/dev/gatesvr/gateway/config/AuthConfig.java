package dev.gatesvr.gateway.config;

import dev.gatesvr.gateway.auth.jwt.JwtKeys;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.key.NamedKey;
import java.time.Duration;

/** Who may log in and resume; docs/operators.md has how keys are made and rotated. */
public record AuthConfig(
    @Describe("what a login's auth_token must be: anything, a JWT, or a token of the login service")
        Mode mode,
    @Describe("keys of resume tokens, id:base64 of 32 bytes, newest first; none draws its own")
        Secrets resumeTokenKeys,
    @Describe("a file with these keys instead, one per line, read again when it changes")
        String resumeTokenKeyFile,
    @Describe("how long a resume token is good; heartbeats renew it in time")
        Duration resumeTokenTtl,
    @Describe("how often a key that the gateway drew itself is replaced")
        Duration resumeTokenRotation,
    @Describe("how often key files are looked at") Duration keyFileInterval,
    @Describe("for mode jwt") JwtConfig jwt,
    @Describe("for mode sealed") SealedConfig sealed) {

  /** How a login is checked. */
  public enum Mode {
    /** Not at all. */
    DEVELOPMENT,
    /** A JSON Web Token whose subject is the OpenID. */
    JWT,
    /** A token that the login service sealed with a shared key, good for one login. */
    SEALED
  }

  /** Tokens in the form of RFC 7519. */
  public record JwtConfig(
      @Describe("HS256 secrets, kid:base64 of at least 32 bytes, newest first") Secrets keys,
      @Describe("a file instead: lines of kid:base64, or a JWK Set (HS256, RS256, ES256)")
          String keyFile,
      @Describe("what iss must be; empty asks for nothing") String issuer,
      @Describe("what aud must contain; empty asks for nothing") String audience,
      @Describe("how far the issuer's clock may be from this one") Duration clockSkew) {
    public JwtConfig {
      onlyOne("auth.jwt.key_file", keys, keyFile);
      checkKeys("auth.jwt.keys", keys, JwtKeys.SECRET_BYTES_MIN, JwtKeys.SECRET_BYTES_MAX);
      Checks.range("auth.jwt.clock_skew", clockSkew, Duration.ZERO, Duration.ofMinutes(10));
    }
  }

  /** Tokens that the login service seals. */
  public record SealedConfig(
      @Describe("keys shared with the login service, id:base64 of 32 bytes, newest first")
          Secrets keys,
      @Describe("a file with these keys instead, one per line, read again when it changes")
          String keyFile,
      @Describe("how far ahead the expiry of a token may lie") Duration ttlMax,
      @Describe("how far the login service's clock may be from this one") Duration clockSkew,
      @Describe("used tokens remembered until they expire; beyond it logins get 503")
          int noncesMax) {
    public SealedConfig {
      onlyOne("auth.sealed.key_file", keys, keyFile);
      checkKeys("auth.sealed.keys", keys, NamedKey.AEAD_BYTES, NamedKey.AEAD_BYTES);
      Checks.range("auth.sealed.ttl_max", ttlMax, Duration.ofSeconds(1), Duration.ofHours(24));
      Checks.range("auth.sealed.clock_skew", clockSkew, Duration.ZERO, Duration.ofMinutes(10));
      Checks.range("auth.sealed.nonces_max", noncesMax, 1, 10_000_000);
    }
  }

  public AuthConfig {
    onlyOne("auth.resume_token_key_file", resumeTokenKeys, resumeTokenKeyFile);
    checkKeys("auth.resume_token_keys", resumeTokenKeys, NamedKey.AEAD_BYTES, NamedKey.AEAD_BYTES);
    Checks.range(
        "auth.resume_token_ttl", resumeTokenTtl, Duration.ofSeconds(1), Duration.ofDays(7));
    // More keys than half a ring would have to be kept.
    Checks.range(
        "auth.resume_token_rotation",
        resumeTokenRotation,
        max(Duration.ofSeconds(1), resumeTokenTtl.dividedBy(KeyRing.KEYS_MAX / 2)),
        Duration.ofDays(7));
    Checks.range(
        "auth.key_file_interval", keyFileInterval, Duration.ofMillis(100), Duration.ofHours(1));
    if (mode == Mode.JWT) {
      needed("auth.jwt", jwt.keys(), jwt.keyFile());
    } else if (mode == Mode.SEALED) {
      needed("auth.sealed", sealed.keys(), sealed.keyFile());
    }
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static void onlyOne(String fileKey, Secrets keys, String keyFile) {
    if (!keys.isEmpty() && !keyFile.isEmpty()) {
      throw ConfigException.of(fileKey, keyFile, "nothing, because the keys themselves are set");
    }
  }

  private static void checkKeys(String key, Secrets keys, int bytesMin, int bytesMax) {
    if (keys.isEmpty()) {
      return;
    }
    try {
      KeyRing.parse(keys.reveal(), bytesMin, bytesMax);
    } catch (IllegalArgumentException e) {
      throw ConfigException.of(key, keys, String.valueOf(e.getMessage()));
    }
  }

  private static void needed(String section, Secrets keys, String keyFile) {
    if (keys.isEmpty() && keyFile.isEmpty()) {
      throw ConfigException.of(
          "auth.mode", section.substring("auth.".length()), section + ".keys or .key_file set");
    }
  }

  public static AuthConfig defaults() {
    return new AuthConfig(
        Mode.DEVELOPMENT,
        Secrets.NONE,
        "",
        Duration.ofHours(1),
        Duration.ofHours(1),
        Duration.ofSeconds(5),
        new JwtConfig(Secrets.NONE, "", "", "", Duration.ofSeconds(30)),
        new SealedConfig(Secrets.NONE, "", Duration.ofHours(1), Duration.ofSeconds(30), 200_000));
  }
}
