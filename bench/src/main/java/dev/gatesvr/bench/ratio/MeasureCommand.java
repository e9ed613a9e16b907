package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.RunFacts;
import dev.gatesvr.bench.load.ReportJson;
import dev.gatesvr.bench.load.Traffic;
import dev.gatesvr.cmd.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench}: starts everything, measures, prints, ends everything. */
@Command(
    name = "bench",
    description = {
      "Compares the gateway with bare Netty servers that it starts itself. Parts, all by default:",
      "ratios  R1 a heartbeat : bare QUIC echo, R2 a request to a zone and back : bare QUIC to gRPC",
      "memory  an idle session on top of a bare connection, with the classes that make it up",
      "replay  what a player missed : the same frames from a bare stream",
      "resume  all players come back at once : as many bare handshakes",
      "Takes about ten minutes in all; --quick three, with less to trust.",
      "`bench -server HOST:PORT` loads a running gateway instead (see `bench load -help`)."
    },
    sortOptions = false)
public final class MeasureCommand implements Callable<Integer> {
  /** What can be measured by itself. */
  enum Part {
    RATIOS,
    MEMORY,
    REPLAY,
    RESUME
  }

  private final List<String> arguments;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "PART", arity = "0..*", description = "${COMPLETION-CANDIDATES}")
  private List<Part> parts = new ArrayList<>();

  @Option(
      names = {"-effort", "--effort"},
      paramLabel = "EFFORT",
      description = "${COMPLETION-CANDIDATES}; SMOKE only shows that it runs. Default: FULL")
  private Effort effort = Effort.FULL;

  @Option(
      names = {"-quick", "--quick"},
      description = "The same as --effort QUICK.")
  private boolean quick;

  @Option(
      names = {"-connections", "--connections"},
      paramLabel = "N",
      description = "ratios: players. Default: ${DEFAULT-VALUE}")
  private int connections = 100;

  @Option(
      names = {"-payload", "--payload"},
      paramLabel = "BYTES",
      description = "ratios, replay: data of a message. Default: ${DEFAULT-VALUE}")
  private int payload = 128;

  @Option(
      names = {"-acks", "--acks"},
      paramLabel = "WHEN",
      description =
          "ratios: when players acknowledge in R2: ${COMPLETION-CANDIDATES}. Default:"
              + " ${DEFAULT-VALUE}")
  private Traffic.Acks acks = Traffic.Acks.EACH;

  @Option(
      names = {"-players", "--players"},
      paramLabel = "N",
      description = "memory, resume: players. Default: 5000, quick 1000 and 500")
  private @Nullable Integer players;

  @Option(
      names = {"-json", "--json"},
      paramLabel = "FILE",
      description = "Writes the results, their circumstances and raw histograms.")
  private @Nullable Path json;

  @Option(names = "--gateway-flag", hidden = true, description = "A flag for the gateway's JVM.")
  private List<String> gatewayFlags = new ArrayList<>();

  public MeasureCommand(List<String> arguments) {
    this.arguments = arguments;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Effort chosen = quick ? Effort.QUICK : effort;
    try (Rig rig = Rig.open(chosen, gatewayFlags, out, err)) {
      rig.results().putAll(RunFacts.of(arguments));
      rig.say(
          "%s; %s; commit %s; load average %s; %s"
              .formatted(
                  rig.results().get("kernel"),
                  rig.results().get("jdk"),
                  rig.results().get("commit"),
                  rig.results().get("load_average"),
                  rig.servers().cores()));
      for (Part part : parts.isEmpty() ? List.of(Part.values()) : parts) {
        measure(part, rig);
        rig.closeAll();
      }
      if (json != null) {
        ReportJson.write(json, rig.results());
      }
    }
    return Cli.OK;
  }

  private void measure(Part part, Rig rig) throws IOException, InterruptedException {
    Effort chosen = rig.effort();
    switch (part) {
      case RATIOS -> {
        Traffic request = new Traffic(Traffic.Kind.BUSINESS, true, payload, acks);
        new RequestRatios(rig, connections, request).measure();
      }
      case MEMORY -> new IdleMemory(rig, players == null ? chosen.idle() : players).measure();
      case REPLAY -> new ReplayRatio(rig, payload).measure();
      case RESUME -> new ResumeStorm(rig, players == null ? chosen.returning() : players).measure();
    }
  }
}
