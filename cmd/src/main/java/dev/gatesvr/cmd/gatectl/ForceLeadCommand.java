package dev.gatesvr.cmd.gatectl;

import dev.gatesvr.cmd.operator.AdminPort;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatectl force-lead}: the last resort, when the other will not come back. */
@Command(
    name = "force-lead",
    description = {
      "Makes this node lead although the rules do not let it. What only the other node holds is",
      "lost. For when the other is gone for good."
    },
    sortOptions = false)
final class ForceLeadCommand implements Callable<Integer> {
  @ParentCommand private GatectlMain gatectl = new GatectlMain(Map.of());
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-yes", "--yes"},
      description = "Needed: the other node is down and stays down, and its sessions may be lost.")
  private boolean yes;

  @Option(
      names = {"-wait", "--wait"},
      defaultValue = "10s",
      paramLabel = "DURATION",
      description = "How long to wait for it (default: ${DEFAULT-VALUE}).")
  private Duration wait = Duration.ZERO;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!yes) {
      throw new ParameterException(
          spec.commandLine(),
          "--yes is missing (expected when the other node is down and stays down: what only it"
              + " holds is lost)");
    }
    try (AdminPort port = gatectl.open()) {
      return new LeadChange(
              "/backup/force-lead",
              (before, now) -> now.path("role").asText().equals("primary"),
              wait,
              gatectl.json())
          .run(port, spec.commandLine().getOut());
    }
  }
}
