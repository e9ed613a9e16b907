package dev.gatesvr.gateway.auth.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.auth.AuthResult;
import dev.gatesvr.gateway.auth.Credentials;
import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.gateway.auth.resume.ResumeResult;
import dev.gatesvr.gateway.auth.resume.ResumeResult.Opened;
import dev.gatesvr.gateway.auth.resume.ResumeResult.Reason;
import dev.gatesvr.gateway.auth.resume.ResumeResult.Refused;
import dev.gatesvr.gateway.config.AuthConfig;
import dev.gatesvr.gateway.config.AuthConfig.JwtConfig;
import dev.gatesvr.gateway.config.AuthConfig.Mode;
import dev.gatesvr.gateway.config.AuthConfig.SealedConfig;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.Secrets;
import dev.gatesvr.gateway.support.SettableClock;
import dev.gatesvr.gateway.support.Vectors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  private static final AuthConfig DEFAULTS = AuthConfig.defaults();
  private static final String OLD = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
  private static final String NEW = "k2:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA";
  private static final ResumeClaim CLAIM = new ResumeClaim("s", "10000", 1, 1);

  @TempDir private Path dir;
  private final SettableClock clock = new SettableClock();

  private Identity open(AuthConfig config) {
    return Identity.open(config, clock, trouble -> {});
  }

  private static AuthConfig resumeKeys(Secrets keys, String file) {
    return new AuthConfig(
        Mode.DEVELOPMENT,
        keys,
        file,
        DEFAULTS.resumeTokenTtl(),
        DEFAULTS.resumeTokenRotation(),
        Duration.ofMillis(100),
        DEFAULTS.jwt(),
        DEFAULTS.sealed());
  }

  private static AuthConfig mode(Mode mode, JwtConfig jwt, SealedConfig sealed) {
    return new AuthConfig(
        mode,
        Secrets.NONE,
        "",
        DEFAULTS.resumeTokenTtl(),
        DEFAULTS.resumeTokenRotation(),
        Duration.ofMillis(100),
        jwt,
        sealed);
  }

  private static AuthResult login(Identity identity, String openid, String token) {
    InetSocketAddress remote = InetSocketAddress.createUnresolved("x", 1);
    return identity
        .authenticator()
        .authenticate(new Credentials(openid, token, remote))
        .toCompletableFuture()
        .join();
  }

  private static ResumeResult resume(Identity identity, ByteString token) {
    return identity.resumeTokens().open(token, "10000");
  }

  @Test
  void drawnKeysRotateAndEndWithTheProcess() {
    try (Identity first = open(DEFAULTS);
        Identity restarted = open(DEFAULTS)) {
      ByteString token = first.resumeTokens().seal(CLAIM);
      assertThat(resume(restarted, token)).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
      clock.advance(DEFAULTS.resumeTokenTtl().minusMillis(1));
      assertThat(resume(first, token)).isEqualTo(new Opened(CLAIM));
      clock.advance(Duration.ofMillis(1));
      assertThat(resume(first, token)).isEqualTo(new Refused(Reason.EXPIRED));
      clock.advance(DEFAULTS.resumeTokenRotation());
      ByteString later = first.resumeTokens().seal(CLAIM);
      assertThat(later.substring(0, 14)).isNotEqualTo(token.substring(0, 14));
    }
  }

  @Test
  void gatewaysWithTheSameKeysReadOneAnothersTokens() {
    try (Identity one = open(resumeKeys(new Secrets(List.of(OLD)), ""));
        Identity other = open(resumeKeys(new Secrets(List.of(NEW, OLD)), ""))) {
      assertThat(resume(other, one.resumeTokens().seal(CLAIM))).isEqualTo(new Opened(CLAIM));
      assertThat(resume(one, other.resumeTokens().seal(CLAIM)))
          .isEqualTo(new Refused(Reason.UNKNOWN_KEY));
    }
  }

  @Test
  void aKeyFileIsRotatedWhileItRuns() throws IOException {
    Path file = Files.writeString(dir.resolve("resume.keys"), OLD + "\n");
    try (Identity identity = open(resumeKeys(Secrets.NONE, file.toString()))) {
      ByteString token = identity.resumeTokens().seal(CLAIM);
      replace(file, NEW + "\n" + OLD + "\n");
      await(() -> identity.resumeTokens().seal(CLAIM).substring(2, 4).toStringUtf8().equals("k2"));
      assertThat(resume(identity, token)).isEqualTo(new Opened(CLAIM));
      replace(file, NEW + "\n");
      await(() -> resume(identity, token).equals(new Refused(Reason.UNKNOWN_KEY)));
    }
  }

  @Test
  void theModeChoosesTheAuthenticator() throws IOException {
    Path jwks = Files.writeString(dir.resolve("jwks.json"), Vectors.get("jwks"));
    JwtConfig jwt =
        new JwtConfig(
            Secrets.NONE, jwks.toString(), "login.example", "gatesvr", Duration.ofSeconds(30));
    SealedConfig sealed =
        new SealedConfig(
            new Secrets(List.of(OLD)), "", Duration.ofHours(1), Duration.ofSeconds(30), 10);
    AuthResult accepted = new AuthResult.Accepted();
    try (Identity identity = open(mode(Mode.JWT, jwt, DEFAULTS.sealed()))) {
      assertThat(login(identity, "10000", Vectors.get("es256"))).isEqualTo(accepted);
      assertThat(login(identity, "10001", Vectors.get("es256"))).isNotEqualTo(accepted);
    }
    try (Identity identity = open(mode(Mode.SEALED, DEFAULTS.jwt(), sealed))) {
      assertThat(login(identity, "10000", Vectors.get("sealed"))).isEqualTo(accepted);
      assertThat(login(identity, "10000", Vectors.get("sealed"))).isNotEqualTo(accepted);
    }
    try (Identity identity = open(DEFAULTS)) {
      assertThat(login(identity, "10000", "")).isEqualTo(accepted);
    }
  }

  @Test
  void aKeyFileThatCannotBeUsedNamesItsKey() throws IOException {
    assertThatThrownBy(() -> open(resumeKeys(Secrets.NONE, dir + "/none")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "auth.resume_token_key_file: " + dir + "/none (expected: a readable");
    Path file = Files.writeString(dir.resolve("bad"), OLD + "\nk2:c2VjcmV0\n");
    assertThatThrownBy(() -> open(resumeKeys(Secrets.NONE, file.toString())))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("bad (expected: key 2: base64 of 32 bytes, here it is of 6)");
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = Files.writeString(file.resolveSibling("fresh"), text);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("waited too long").isNegative();
      Thread.onSpinWait();
    }
  }
}
