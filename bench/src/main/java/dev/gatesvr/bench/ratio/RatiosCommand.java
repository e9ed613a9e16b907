package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.RunFacts;
import dev.gatesvr.bench.load.Fleet;
import dev.gatesvr.bench.load.LoadPlan;
import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.load.ReportJson;
import dev.gatesvr.bench.load.Traffic;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.transport.quic.ServerTrust;
import dev.gatesvr.upstream.route.ZoneId;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench ratios}: starts everything, measures, prints, ends everything. */
@Command(
    name = "bench ratios",
    description = {
      "Compares the gateway with bare Netty servers that it starts itself:",
      "R1 a heartbeat against a bare QUIC echo, R2 a request to a zone and back against bare QUIC",
      "to a bare gRPC call. Takes about five minutes; --quick one, with less to trust.",
      "`bench -server HOST:PORT` loads a running gateway instead (see `bench load -help`)."
    },
    sortOptions = false)
public final class RatiosCommand implements Callable<Integer> {
  /** Unanswered requests per player when looking for the maximum. */
  private static final int MAX_DEPTH = 4;

  private static final int WARMUP_STEPS = 5;
  private static final double WARM_SHARE = 0.1;

  private final List<String> arguments;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-quick", "--quick"},
      description = "Fewer and shorter rounds: about a minute.")
  private boolean quick;

  @Option(
      names = {"-connections", "--connections"},
      paramLabel = "N",
      description = "Players in the rounds. Default: ${DEFAULT-VALUE}")
  private int connections = 100;

  @Option(
      names = {"-payload", "--payload"},
      paramLabel = "BYTES",
      description = "Data of a request in R2. Default: ${DEFAULT-VALUE}")
  private int payload = 128;

  @Option(
      names = {"-acks", "--acks"},
      paramLabel = "WHEN",
      description =
          "When players acknowledge in R2: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Traffic.Acks acks = Traffic.Acks.EACH;

  @Option(
      names = {"-idle", "--idle"},
      paramLabel = "N",
      description = "Idle connections when memory is measured. Default: 2000, quick 500")
  private @Nullable Integer idle;

  @Option(
      names = {"-json", "--json"},
      paramLabel = "FILE",
      description = "Writes the results, their circumstances and raw histograms.")
  private @Nullable Path json;

  @Option(names = "--gateway-flag", hidden = true, description = "A flag for the gateway's JVM.")
  private List<String> gatewayFlags = new ArrayList<>();

  private final List<ProcessAccount> load = new ArrayList<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<String, Object> results = new LinkedHashMap<>();

  public RatiosCommand(List<String> arguments) {
    this.arguments = arguments;
  }

  /** How long and how often. */
  private record Times(
      Duration warmup, int patience, Duration max, Duration segment, int aa, int rounds) {
    static Times of(boolean quick) {
      return quick
          ? new Times(Duration.ofSeconds(3), 2, Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3)
          : new Times(
              Duration.ofSeconds(8), 4, Duration.ofSeconds(3), Duration.ofMillis(2_500), 3, 5);
    }
  }

  @Override
  public Integer call() throws Exception {
    results.putAll(RunFacts.of(arguments));
    Path folder = Files.createTempDirectory("gatesvr-bench");
    try {
      measure(new Servers(folder, Cores.split(), gatewayFlags), Times.of(quick));
      if (json != null) {
        ReportJson.write(json, results);
      }
    } finally {
      closeAll();
      delete(folder);
    }
    return Cli.OK;
  }

  private void measure(Servers servers, Times times) throws IOException, InterruptedException {
    servers.makeCertificate();
    say("%s; %s; %s".formatted(results.get("kernel"), results.get("jdk"), servers.cores()));
    ServerProcess zone = opened(servers.zone());
    load.add(new ProcessAccount(ProcessHandle.current().pid()));
    load.add(zone.account());
    int zonePort = Servers.bareAddress(zone).getPort();
    ServerProcess gateway = opened(servers.gateway("gateway"));
    Servers.register(gateway, zonePort);
    InetSocketAddress players = Servers.playersOf(gateway);
    ServerTrust trust = ServerTrust.ofPem(servers.authority());

    Traffic beat = new Traffic(Traffic.Kind.HEARTBEAT, true, 0, acks);
    ServerProcess echo = opened(servers.echo("echo"));
    ServerProcess twin = opened(servers.echo("echo-twin"));
    Side bareEcho = side("bare echo", echo, Servers.bareAddress(echo), trust, beat.bare());
    Side echoTwin = side("bare echo again", twin, Servers.bareAddress(twin), trust, beat.bare());
    Side heartbeat = side("gateway heartbeat", gateway, players, trust, beat);
    double rate = halfTheKnee(List.of(bareEcho, echoTwin, heartbeat), times);
    compare("A/A", bareEcho, echoTwin, rate, times.aa(), times);
    compare("R1", bareEcho, heartbeat, rate, times.rounds(), times);

    Traffic request = new Traffic(Traffic.Kind.BUSINESS, true, payload, acks);
    ServerProcess relay = opened(servers.relay("relay", zonePort));
    Side bareRelay = side("bare relay", relay, Servers.bareAddress(relay), trust, request.bare());
    Side routed = side("gateway request", gateway, players, trust, request);
    double routedRate = halfTheKnee(List.of(bareRelay, routed), times);
    compare("R2", bareRelay, routed, routedRate, times.rounds(), times);
    closeAll();
    memory(servers, trust, beat);
  }

  private Side side(
      String name, ServerProcess server, InetSocketAddress at, ServerTrust trust, Traffic traffic)
      throws IOException, InterruptedException {
    List<String> openids =
        Openids.of(traffic.kind() + "-", connections, ZoneId.parse(Servers.ZONE));
    Fleet fleet = opened(Fleet.connect(at, trust, traffic, connections, 1, openids::get));
    return new Side(name, server.account(), List.copyOf(load), fleet);
  }

  /** Warms every side up and finds its maximum and its knee; half of the lowest knee. */
  private double halfTheKnee(List<Side> sides, Times times)
      throws IOException, InterruptedException {
    double lowest = Double.MAX_VALUE;
    for (Side side : sides) {
      warmUp(side, times);
      Side.Segment max = side.run(LoadPlan.closed(MAX_DEPTH, Duration.ZERO, times.max()));
      double rate = max.report().ratePerSecond();
      double server = 100 * max.serverShare();
      double load = 100 * max.loadShare();
      say(
          "max  %-18s %,8.0f/s closed loop; %5.1f us CPU; server %.0f %% of a core, load %.0f %%"
              .formatted(side.name(), rate, max.cpuMicros(), server, load));
      results.put(
          "max " + side.name(),
          Map.of("rate", rate, "cpu_us", max.cpuMicros(), "server_%", server, "load_%", load));
      lowest = Math.min(lowest, Knee.of(side, rate, times.max()));
    }
    say("knee %,.0f/s (open loop, p99 within %d ms)".formatted(lowest, Knee.P99_MILLIS));
    return lowest / 2;
  }

  /**
   * Warm is what compiles little more, not what has waited: on a busy machine a server gets only a
   * fraction of its core, and this takes up to {@code patience} times as long.
   */
  private static void warmUp(Side side, Times times) throws IOException, InterruptedException {
    Duration step = times.warmup().dividedBy(WARMUP_STEPS);
    double compilingShare = 1;
    for (int i = 0; i < WARMUP_STEPS * times.patience(); i++) {
      if (i >= WARMUP_STEPS && compilingShare < WARM_SHARE) {
        return;
      }
      ProcessAccount.Cpu used = side.run(LoadPlan.closed(MAX_DEPTH, Duration.ZERO, step)).server();
      compilingShare = used.compiling() / Math.max(used.total(), Double.MIN_NORMAL);
    }
  }

  private void compare(String title, Side a, Side b, double rate, int rounds, Times times)
      throws IOException, InterruptedException {
    Comparison found = Comparison.run(a, b, rate, rounds, times.segment());
    say(
        "\n%s  %s : %s, %,.0f/s open loop, %d rounds"
            .formatted(title, b.name(), a.name(), rate, rounds));
    say("    CPU per answer     %s".formatted(found.cpu()));
    say(
        "    added p99          %.2f ms (%.2f to %.2f)"
            .formatted(
                found.addedP99Micros().median() / 1e3,
                found.addedP99Micros().min() / 1e3,
                found.addedP99Micros().max() / 1e3));
    for (Comparison.Total total : List.of(found.a(), found.b())) {
      say(
          ("    %-18s %6.1f us CPU (and %.0f %% JIT); latency us p50 %,.0f  p90 %,.0f  p99 %,.0f  p99.9 %,.0f"
                  + "  max %,.0f")
              .formatted(
                  total.name(),
                  total.cpuMicros(),
                  100 * total.compilingShare(),
                  total.micros(50),
                  total.micros(90),
                  total.micros(99),
                  total.micros(99.9),
                  total.micros(100)));
    }
    results.put(title, RatioJson.of(found, rate, rounds));
  }

  private void memory(Servers servers, ServerTrust trust, Traffic beat)
      throws IOException, InterruptedException {
    int count = idle != null ? idle : quick ? 500 : 2_000;
    ServerProcess echo = opened(servers.echo("echo-idle"));
    MemoryCost bare =
        MemoryCost.of(
            "bare echo", echo.account(), Servers.bareAddress(echo), trust, beat.bare(), count);
    ServerProcess gateway = opened(servers.gateway("gateway-idle"));
    MemoryCost session =
        MemoryCost.of("gateway", gateway.account(), Servers.playersOf(gateway), trust, beat, count);
    say("\nIdle connections, %d of them".formatted(count));
    for (MemoryCost cost : List.of(bare, session)) {
      say(
          "    %-18s %6.1f KiB RSS, %5.1f KiB heap each; threads %d at none, %d at %d"
              .formatted(
                  cost.name(),
                  cost.rssBytes() / 1_024,
                  cost.heapBytes() / 1_024,
                  cost.threadsEmpty(),
                  cost.threadsFull(),
                  count));
    }
    results.put("idle", List.of(bare, session));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  /** Players leave before their servers end. */
  private void closeAll() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        spec.commandLine().getErr().println("bench: closing failed: " + e.getMessage());
      }
    }
  }

  private void say(String lines) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(lines);
    out.flush();
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
