package dev.gatesvr.cmd.gatectl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.operator.AdminPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code gatectl}. */
@Command(
    name = "gatectl",
    description = "Shows and steers a pair of gateways, through the http_addr of one of them.",
    footer = {
      "",
      "Exit codes: 0 done (role: this node leads, or has no pair), 1 failed or no answer, 2 a mistake",
      "in flags, 3 role: this node is the standby, 4 refused and nothing changed (role: neither yet),",
      "5 accepted, but not over within --wait."
    },
    subcommands = {
      RoleCommand.class,
      ReplicationCommand.class,
      SwitchoverCommand.class,
      ForceLeadCommand.class,
      SessionsCommand.class
    },
    sortOptions = false)
public final class GatectlMain implements Callable<Integer> {
  /** As the gateway itself reads it. */
  private static final String TOKEN_VARIABLE = "GATESVR_ADMIN_TOKEN";

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-addr", "--addr"},
      scope = ScopeType.INHERIT,
      paramLabel = "HOST:PORT",
      defaultValue = "localhost:8080",
      description = "The node's server.http_addr (default: ${DEFAULT-VALUE}).")
  private String addr = "";

  @Option(
      names = {"-token-file", "--token-file"},
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "A file with admin.token; without it the variable " + TOKEN_VARIABLE + ".")
  private @Nullable Path tokenFile;

  @Option(
      names = {"-json", "--json"},
      scope = ScopeType.INHERIT,
      description = "Prints one JSON document.")
  private boolean json;

  GatectlMain(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] args) {
    System.exit(Cli.run(new GatectlMain(System.getenv()), args));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "no command (expected: " + String.join(", ", spec.subcommands().keySet()) + ")");
  }

  boolean json() {
    return json;
  }

  /** The port of the node, with the token where there is one. */
  AdminPort open() throws IOException {
    try {
      return new AdminPort(addr, token());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--addr: " + e.getMessage(), e);
    }
  }

  private String token() throws IOException {
    if (tokenFile == null) {
      return environment.getOrDefault(TOKEN_VARIABLE, "").strip();
    }
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new IOException("--token-file: " + tokenFile + " cannot be read", e);
    }
  }

  /**
   * What the node says of the pair.
   *
   * @throws IOException when it does not answer, or is no gateway
   */
  static JsonNode stats(AdminPort port) throws IOException, InterruptedException {
    AdminPort.Answer answer = port.get("/backup/stats");
    if (!answer.ok()) {
      throw port.unexpected("/backup/stats", answer.status());
    }
    return answer.body();
  }
}
