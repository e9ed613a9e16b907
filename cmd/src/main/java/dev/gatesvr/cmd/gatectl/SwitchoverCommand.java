package dev.gatesvr.cmd.gatectl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatesvr.cmd.operator.AdminPort;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatectl switchover}: the primary hands the lead to the standby; nothing is lost. */
@Command(
    name = "switchover",
    description = "Makes the primary hand the lead to its standby, and waits until it has.",
    sortOptions = false)
final class SwitchoverCommand implements Callable<Integer> {
  @ParentCommand private GatectlMain gatectl = new GatectlMain(Map.of());
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-wait", "--wait"},
      defaultValue = "10s",
      paramLabel = "DURATION",
      description = "How long to wait for it (default: ${DEFAULT-VALUE}).")
  private Duration wait = Duration.ZERO;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (AdminPort port = gatectl.open()) {
      return new LeadChange("/backup/switch", SwitchoverCommand::otherLeads, wait, gatectl.json())
          .run(port, spec.commandLine().getOut());
    }
  }

  private static boolean otherLeads(JsonNode before, JsonNode now) {
    String leader = now.path("register").path("leader").asText();
    return !leader.isEmpty()
        && !leader.equals(before.path("register").path("leader").asText())
        && now.path("role").asText().equals("standby");
  }
}
