package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.gateway.auth.jwt.JwtKeys;
import dev.gatesvr.gateway.auth.jwt.JwtMint;
import dev.gatesvr.gateway.auth.jwt.JwtRules;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.key.NamedKey;
import dev.gatesvr.gateway.auth.key.WatchedFile;
import dev.gatesvr.gateway.auth.sealed.SealedTokenMint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatesvr token}: an auth_token for one player, made with the keys of the gateway. */
@Command(
    name = "token",
    description = "Prints an auth_token for one player, for tests and operators.",
    sortOptions = false)
final class TokenCommand implements Callable<Integer> {
  /** The modes that have tokens. */
  enum Mode {
    JWT,
    SEALED
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--mode", required = true, description = "What auth.mode is: jwt or sealed.")
  private Mode mode = Mode.JWT;

  @Option(names = "--openid", required = true, description = "Whom it lets in.")
  private String openid = "";

  @Option(
      names = "--key-file",
      required = true,
      paramLabel = "FILE",
      description = "What auth.jwt.key_file or auth.sealed.key_file is; its first key signs.")
  private Path keyFile = Path.of("");

  @Option(
      names = "--ttl",
      defaultValue = "10m",
      paramLabel = "DURATION",
      description = "How long it is good. Default: ${DEFAULT-VALUE}")
  private Duration ttl = Duration.ZERO;

  @Option(names = "--issuer", description = "iss of a JWT. Default: none")
  private String issuer = "";

  @Option(names = "--audience", description = "aud of a JWT. Default: none")
  private String audience = "";

  @Override
  public Integer call() {
    if (ttl.compareTo(Duration.ZERO) <= 0) {
      throw mistake("--ttl: " + ttl + " (expected: more than 0)");
    }
    spec.commandLine().getOut().println(token());
    spec.commandLine().getOut().flush();
    return Cli.OK;
  }

  private String token() {
    InstantSource clock = InstantSource.system();
    return switch (mode) {
      case JWT -> {
        JwtMint mint = new JwtMint(read(JwtKeys::parseFile), clock);
        yield made(() -> mint.mint(openid, ttl, new JwtRules(issuer, audience, Duration.ZERO)));
      }
      case SEALED -> {
        KeyRing ring =
            read(text -> KeyRing.parseFile(text, NamedKey.AEAD_BYTES, NamedKey.AEAD_BYTES));
        SealedTokenMint mint = new SealedTokenMint(() -> ring, clock);
        yield made(() -> mint.mint(openid, ttl));
      }
    };
  }

  private <T> T read(Function<String, T> parser) {
    try {
      return new WatchedFile<>(keyFile, parser).get();
    } catch (IOException e) {
      throw mistake("--key-file: " + keyFile + " (expected: a readable key file: " + e + ")");
    } catch (IllegalArgumentException e) {
      throw mistake("--key-file: " + keyFile + " (expected: " + e.getMessage() + ")");
    }
  }

  private interface Making {
    String make();
  }

  private String made(Making making) {
    try {
      return making.make();
    } catch (IllegalArgumentException e) {
      throw mistake(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException mistake(String line) {
    return new ParameterException(spec.commandLine(), line);
  }
}
