package dev.gatesvr.cmd.gatectl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.operator.AdminPort;
import dev.gatesvr.cmd.operator.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatectl role}: one line, and an exit code for scripts. */
@Command(
    name = "role",
    description = "Prints which part the node plays: exits 0 primary, 3 standby, 4 neither yet.",
    sortOptions = false)
final class RoleCommand implements Callable<Integer> {
  @ParentCommand private GatectlMain gatectl = new GatectlMain(Map.of());
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    JsonNode stats;
    try (AdminPort port = gatectl.open()) {
      stats = GatectlMain.stats(port);
    }
    String role = stats.path("role").asText();
    out.println(gatectl.json() ? json(stats) : Terminal.safe(line(stats, role)));
    out.flush();
    return switch (role) {
      case "primary", "single" -> Cli.OK;
      case "standby" -> Exit.STANDBY;
      default -> Exit.REFUSED;
    };
  }

  private static String line(JsonNode stats, String role) {
    if (!stats.path("enabled").asBoolean()) {
      return role + " (backup.enabled: false)";
    }
    String leader = stats.path("register").path("leader").asText();
    return "%s   %s   term %d   partner %s   leader %s"
        .formatted(
            role,
            stats.path("server_id").asText(),
            stats.path("register").path("term").asLong(),
            stats.path("partner").asText(),
            leader.isEmpty() ? "none" : leader);
  }

  private static ObjectNode json(JsonNode stats) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("role", stats.path("role"));
    json.set("partner", stats.path("partner"));
    json.set("server_id", stats.path("server_id"));
    json.set("term", stats.path("register").path("term"));
    json.set("leader", stats.path("register").path("leader"));
    return json;
  }
}
