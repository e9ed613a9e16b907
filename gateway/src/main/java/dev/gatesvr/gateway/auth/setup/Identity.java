package dev.gatesvr.gateway.auth.setup;

import dev.gatesvr.gateway.auth.Authenticator;
import dev.gatesvr.gateway.auth.DevelopmentAuthenticator;
import dev.gatesvr.gateway.auth.jwt.JwtAuthenticator;
import dev.gatesvr.gateway.auth.jwt.JwtKeys;
import dev.gatesvr.gateway.auth.jwt.JwtRules;
import dev.gatesvr.gateway.auth.key.DrawnKeys;
import dev.gatesvr.gateway.auth.key.FileWatch;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.key.NamedKey;
import dev.gatesvr.gateway.auth.key.SharedKeys;
import dev.gatesvr.gateway.auth.key.WatchedFile;
import dev.gatesvr.gateway.auth.resume.ResumeTokens;
import dev.gatesvr.gateway.auth.sealed.SealedTokenAuthenticator;
import dev.gatesvr.gateway.config.AuthConfig;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts that say who a player is, made from the configuration. Owns the thread that watches the
 * key files, if there are any; {@link #close} ends it. The parts themselves are thread-safe and go
 * on working after that.
 */
public final class Identity implements AutoCloseable {
  private final AuthConfig config;
  private final InstantSource clock;
  private final List<WatchedFile<?>> files = new ArrayList<>();
  private final SharedKeys resumeKeys;
  private final @Nullable Authenticator authenticator;
  private final @Nullable FileWatch watch;

  private Identity(AuthConfig config, InstantSource clock, Consumer<String> trouble) {
    this.config = config;
    this.clock = clock;
    this.resumeKeys = new SharedKeys(resumeKeys());
    this.authenticator = authenticatorOf();
    this.watch = files.isEmpty() ? null : FileWatch.start(files, config.keyFileInterval(), trouble);
  }

  /**
   * Reads the keys and makes the parts.
   *
   * @param trouble told in one line of a key file that turned bad while it runs, on a thread of its
   *     own
   * @throws ConfigException for a key file that cannot be used, naming its key
   */
  public static Identity open(AuthConfig config, InstantSource clock, Consumer<String> trouble) {
    return new Identity(config, clock, trouble);
  }

  /** What logins are checked with. */
  public Authenticator authenticator() {
    return authenticator == null ? new DevelopmentAuthenticator() : authenticator;
  }

  /** A reader and maker of resume tokens. */
  public ResumeTokens resumeTokens() {
    return new ResumeTokens(resumeKeys, config.resumeTokenTtl(), clock);
  }

  /** The keys of resume tokens, to be shared with the other gateway of a pair. */
  public SharedKeys sharedKeys() {
    return resumeKeys;
  }

  private Supplier<KeyRing> resumeKeys() {
    if (config.resumeTokenKeys().isEmpty() && config.resumeTokenKeyFile().isEmpty()) {
      return new DrawnKeys(clock, config.resumeTokenRotation(), config.resumeTokenTtl());
    }
    return aeadKeys(
        "auth.resume_token_key_file", config.resumeTokenKeys(), config.resumeTokenKeyFile());
  }

  /** Null for the one that has nothing to keep and warns when it is made. */
  private @Nullable Authenticator authenticatorOf() {
    return switch (config.mode()) {
      case DEVELOPMENT -> null;
      case JWT -> jwt(config.jwt());
      case SEALED -> sealed(config.sealed());
    };
  }

  private Authenticator jwt(AuthConfig.JwtConfig jwt) {
    Supplier<JwtKeys> keys;
    if (jwt.keyFile().isEmpty()) {
      KeyRing ring =
          KeyRing.parse(jwt.keys().reveal(), JwtKeys.SECRET_BYTES_MIN, JwtKeys.SECRET_BYTES_MAX);
      JwtKeys fixed = JwtKeys.ofSecrets(ring);
      keys = () -> fixed;
    } else {
      keys = watched("auth.jwt.key_file", jwt.keyFile(), JwtKeys::parseFile);
    }
    return new JwtAuthenticator(
        keys, new JwtRules(jwt.issuer(), jwt.audience(), jwt.clockSkew()), clock);
  }

  private Authenticator sealed(AuthConfig.SealedConfig sealed) {
    return new SealedTokenAuthenticator(
        aeadKeys("auth.sealed.key_file", sealed.keys(), sealed.keyFile()),
        new SealedTokenAuthenticator.Rules(sealed.ttlMax(), sealed.clockSkew(), sealed.noncesMax()),
        clock);
  }

  private Supplier<KeyRing> aeadKeys(String fileKey, Secrets keys, String file) {
    if (!file.isEmpty()) {
      return watched(
          fileKey, file, text -> KeyRing.parseFile(text, NamedKey.AEAD_BYTES, NamedKey.AEAD_BYTES));
    }
    KeyRing fixed = KeyRing.parse(keys.reveal(), NamedKey.AEAD_BYTES, NamedKey.AEAD_BYTES);
    return () -> fixed;
  }

  private <T> Supplier<T> watched(String key, String file, Function<String, T> parser) {
    try {
      WatchedFile<T> watched = new WatchedFile<>(Path.of(file), parser);
      files.add(watched);
      return watched;
    } catch (IOException e) {
      throw ConfigException.of(key, file, "a readable key file: " + e);
    } catch (IllegalArgumentException e) {
      throw ConfigException.of(key, file, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
