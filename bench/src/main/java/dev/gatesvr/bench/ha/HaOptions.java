package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.RunFacts;
import dev.gatesvr.bench.ratio.Cores;
import dev.gatesvr.bench.ratio.Effort;
import dev.gatesvr.bench.ratio.Rig;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all parts of {@code bench ha} share: flags, and the lines around a table. */
final class HaOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--heartbeat",
      paramLabel = "DURATION",
      description = "Of cold players, who notice a dead gateway after three. Default: 500ms")
  private Duration heartbeat = Duration.ofMillis(500);

  @Option(
      names = "--connect-timeout",
      paramLabel = "DURATION",
      description = "Of a player's attempt to connect. Default: 1s")
  private Duration connectTimeout = Duration.ofSeconds(1);

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the gateways, such as BACKUP_SYNC_TIMEOUT=500ms; repeatable.")
  private Map<String, String> settings = new HashMap<>();

  @Option(names = "--gateway-flag", hidden = true, description = "A flag for the gateways' JVM.")
  private List<String> gatewayFlags = new ArrayList<>();

  @Option(names = "--csv", paramLabel = "FILE", description = "Writes the figures of every round.")
  private @Nullable Path csv;

  Players.Timing timing() {
    return new Players.Timing(connectTimeout, heartbeat);
  }

  /** The gateways' environment. */
  Map<String, String> settings() {
    Map<String, String> environment = new HashMap<>();
    settings.forEach((key, value) -> environment.put("GATESVR_" + key, value));
    return environment;
  }

  /**
   * Opens a rig.
   *
   * @param pinned whether the measured gateway gets a core of its own
   */
  Rig rig(boolean pinned) throws IOException, InterruptedException {
    Cores cores = pinned ? Cores.split() : new Cores(false);
    PrintWriter out = spec.commandLine().getOut();
    return Rig.open(Effort.FULL, cores, gatewayFlags, out, spec.commandLine().getErr());
  }

  /** One line about the progress. */
  void note(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(line);
    err.flush();
  }

  /** Prints a table and what it was made with; writes the rounds where that was asked for. */
  void print(Rig rig, Table table, Table rounds, String remarks) throws IOException {
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    Map<String, Object> facts = RunFacts.of(arguments);
    String command = "bench ha " + String.join(" ", arguments);
    rig.say(
        "\n`%s`; %s; commit %s; JDK %s; %s; %s cores; load average %.1f%n%n%s%n%s"
            .formatted(
                command,
                facts.get("time"),
                facts.get("commit"),
                facts.get("jdk"),
                facts.get("kernel"),
                facts.get("processors"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                table.markdown(),
                remarks));
    if (csv != null) {
      Files.writeString(csv, rounds.csv());
    }
  }
}
