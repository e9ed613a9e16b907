package dev.gatesvr.cmd.gatesvr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.gateway.auth.AuthResult;
import dev.gatesvr.gateway.auth.Credentials;
import dev.gatesvr.gateway.auth.setup.Identity;
import dev.gatesvr.gateway.config.AuthConfig;
import dev.gatesvr.gateway.config.AuthConfig.JwtConfig;
import dev.gatesvr.gateway.config.AuthConfig.Mode;
import dev.gatesvr.gateway.config.AuthConfig.SealedConfig;
import dev.gatesvr.gateway.config.Secrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code gatesvr key} and {@code gatesvr token} print is what a gateway takes. */
class TokenCommandTest {
  @TempDir private Path dir;

  private record Run(int exitCode, String out, String err) {}

  private static Run run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    GatesvrMain program =
        new GatesvrMain(
            Map.of(),
            config -> {
              throw new AssertionError("started a gateway");
            });
    CommandLine line =
        Cli.commandLine(program)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Run(line.execute(words), out.toString().strip(), err.toString().strip());
  }

  private Path keyFile() throws IOException {
    Run key = run("key");
    assertThat(key.out()).matches("k[0-9]{8}-[0-9]{6}:[A-Za-z0-9+/]{43}=");
    return Files.writeString(dir.resolve("keys"), key.out() + "\n");
  }

  private static AuthConfig config(Mode mode, Path keys) {
    AuthConfig defaults = AuthConfig.defaults();
    String file = keys.toString();
    return new AuthConfig(
        mode,
        Secrets.NONE,
        "",
        defaults.resumeTokenTtl(),
        defaults.resumeTokenRotation(),
        defaults.keyFileInterval(),
        new JwtConfig(Secrets.NONE, file, "login.example", "gatesvr", Duration.ZERO),
        new SealedConfig(Secrets.NONE, file, Duration.ofHours(1), Duration.ZERO, 10));
  }

  private static AuthResult login(Mode mode, Path keys, String token) {
    try (Identity identity = Identity.open(config(mode, keys), InstantSource.system(), t -> {})) {
      return identity
          .authenticator()
          .authenticate(new Credentials("10000", token, InetSocketAddress.createUnresolved("x", 1)))
          .toCompletableFuture()
          .join();
    }
  }

  @Test
  void aSealedTokenLetsItsPlayerIn() throws IOException {
    Path keys = keyFile();
    Run mine =
        run("token", "--mode=sealed", "--openid=10000", "--key-file", keys.toString(), "--ttl=5m");
    assertThat(mine.exitCode()).as(mine.err()).isZero();
    assertThat(login(Mode.SEALED, keys, mine.out())).isEqualTo(new AuthResult.Accepted());
    Run other = run("token", "--mode=sealed", "--openid=10001", "--key-file", keys.toString());
    assertThat(login(Mode.SEALED, keys, other.out())).isInstanceOf(AuthResult.Rejected.class);
  }

  @Test
  void aJwtLetsItsPlayerIn() throws IOException {
    Path keys = keyFile();
    String[] words = {
      "token",
      "--mode=JWT",
      "--openid=10000",
      "--key-file",
      keys.toString(),
      "--issuer=login.example",
      "--audience=gatesvr"
    };
    Run mine = run(words);
    assertThat(mine.exitCode()).as(mine.err()).isZero();
    assertThat(login(Mode.JWT, keys, mine.out())).isEqualTo(new AuthResult.Accepted());
    words[6] = "--audience=another";
    assertThat(login(Mode.JWT, keys, run(words).out())).isInstanceOf(AuthResult.Rejected.class);
  }

  @Test
  void aMistakeIsOneLineWithoutSecrets() throws IOException {
    String none = dir.resolve("none").toString();
    assertRefused(
        run("token", "--mode=jwt", "--openid=1", "--key-file", none), "--key-file: " + none);
    Path bad = Files.writeString(dir.resolve("bad"), "k1:c2VjcmV0");
    assertRefused(
        run("token", "--mode=sealed", "--openid=1", "--key-file", bad.toString()),
        "key 1: base64 of 32 bytes, here it is of 6");
    String keys = keyFile().toString();
    assertRefused(
        run("token", "--mode=sealed", "--openid=", "--key-file", keys), "openid bytes: 0");
    assertRefused(
        run("token", "--mode=jwt", "--openid=1", "--key-file", keys, "--ttl=0"), "--ttl: PT0S");
    assertRefused(run("token", "--mode=jwt"), "--openid");
    assertRefused(run("token", "--mode=development", "--openid=1", "--key-file", keys), "JWT");
    assertRefused(run("key", "--id=a b"), "--id: a b (expected: a key id of 1 to 32");
  }

  private static void assertRefused(Run run, String why) {
    assertThat(run.exitCode()).isEqualTo(Cli.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("gatesvr ")
        .contains(why)
        .doesNotContain("c2Vj")
        .hasLineCount(1);
  }
}
