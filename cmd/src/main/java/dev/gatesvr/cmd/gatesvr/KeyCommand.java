package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.gateway.auth.key.NamedKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gatesvr key}: one new line for a key file. */
@Command(
    name = "key",
    description = "Prints a new random key for a key file: id:base64 of 32 bytes.",
    sortOptions = false)
final class KeyCommand implements Callable<Integer> {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'k'yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--id", description = "Its name. Default: the time, such as k20261120-093000")
  private @Nullable String id;

  @Override
  public Integer call() {
    byte[] secret = new byte[NamedKey.AEAD_BYTES];
    new SecureRandom().nextBytes(secret);
    String name = id == null ? NAME.format(Instant.now()) : id;
    try {
      spec.commandLine().getOut().println(new NamedKey(name, secret).line());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--id: " + name + " (expected: " + e.getMessage() + ")");
    }
    spec.commandLine().getOut().flush();
    return Cli.OK;
  }
}
