package dev.gatesvr.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.config.AuthConfig.JwtConfig;
import dev.gatesvr.gateway.config.AuthConfig.Mode;
import dev.gatesvr.gateway.config.AuthConfig.SealedConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthConfigTest {
  private static final AuthConfig DEFAULTS = AuthConfig.defaults();
  private static final Secrets KEY =
      new Secrets(List.of("k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="));
  private static final Duration HOUR = Duration.ofHours(1);

  private static AuthConfig tokens(Secrets keys, String file, Duration ttl, Duration rotation) {
    return new AuthConfig(
        Mode.DEVELOPMENT,
        keys,
        file,
        ttl,
        rotation,
        Duration.ofSeconds(5),
        DEFAULTS.jwt(),
        DEFAULTS.sealed());
  }

  private static AuthConfig mode(Mode mode) {
    return new AuthConfig(
        mode, Secrets.NONE, "", HOUR, HOUR, HOUR, DEFAULTS.jwt(), DEFAULTS.sealed());
  }

  @Test
  void nothingPrintsAKey() {
    AuthConfig config = tokens(KEY, "", HOUR, HOUR);
    assertThat(config.toString()).contains("1 hidden").doesNotContain("MDEy");
    assertThat(new JwtConfig(KEY, "", "", "", HOUR.dividedBy(60)).toString())
        .doesNotContain("MDEy");
  }

  @Test
  void aBadKeyIsNamedByItsPlaceAndNotShown() {
    Secrets bad = new Secrets(List.of(KEY.reveal().getFirst(), "k2:c2VjcmV0"));
    assertThatThrownBy(() -> tokens(bad, "", HOUR, HOUR))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "auth.resume_token_keys: 2 hidden"
                + " (expected: key 2: base64 of 32 bytes, here it is of 6)");
    assertThatThrownBy(() -> new JwtConfig(bad, "", "", "", Duration.ZERO))
        .hasMessageStartingWith("auth.jwt.keys: 2 hidden (expected: key 2: base64 of 32 to 1024");
    assertThatThrownBy(() -> new SealedConfig(bad, "", HOUR, Duration.ZERO, 1))
        .hasMessageStartingWith("auth.sealed.keys: 2 hidden (expected: key 2: base64 of 32 bytes");
  }

  @Test
  void keysComeFromOnePlace() {
    assertThatThrownBy(() -> tokens(KEY, "keys", HOUR, HOUR))
        .hasMessageStartingWith("auth.resume_token_key_file: keys (expected: nothing, because");
    assertThatThrownBy(() -> new JwtConfig(KEY, "keys", "", "", Duration.ZERO))
        .hasMessageStartingWith("auth.jwt.key_file: keys (");
    assertThatThrownBy(() -> new SealedConfig(KEY, "keys", HOUR, Duration.ZERO, 1))
        .hasMessageStartingWith("auth.sealed.key_file: keys (");
  }

  @Test
  void aModeNeedsItsKeys() {
    assertThatThrownBy(() -> mode(Mode.JWT))
        .hasMessage("auth.mode: jwt (expected: auth.jwt.keys or .key_file set)");
    assertThatThrownBy(() -> mode(Mode.SEALED))
        .hasMessage("auth.mode: sealed (expected: auth.sealed.keys or .key_file set)");
  }

  @Test
  void rotationKeepsTheRingBounded() {
    assertThatThrownBy(() -> tokens(Secrets.NONE, "", Duration.ofHours(32), Duration.ofMinutes(59)))
        .hasMessage("auth.resume_token_rotation: 59m (expected: 1h to 168h)");
    assertThat(tokens(Secrets.NONE, "", Duration.ofHours(32), HOUR)).isNotNull();
  }

  @Test
  void aTokenLivesAtLeastAsLongAsASessionWaits() {
    GatewayConfig all = GatewayConfig.defaults();
    AuthConfig brief = tokens(Secrets.NONE, "", Duration.ofSeconds(299), HOUR);
    assertThatThrownBy(
            () ->
                new GatewayConfig(
                    all.server(),
                    brief,
                    all.session(),
                    all.offline(),
                    all.overloadProtection(),
                    all.backup(),
                    all.admin()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("auth.resume_token_ttl: 299s (expected: at least server.session_timeout, 5m)");
  }
}
