package dev.gatesvr.bench;

import dev.gatesvr.bench.load.Fleet;
import dev.gatesvr.bench.load.LoadPlan;
import dev.gatesvr.bench.load.LoadReport;
import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.load.ReportJson;
import dev.gatesvr.bench.load.Traffic;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.transport.quic.ServerTrust;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.ZoneId;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench load}: one run against a running server. */
@Command(
    name = "bench load",
    description = "Loads a running gateway over QUIC and reports latencies.",
    footer = {
      "",
      "Open loop: latency counts from the moment a request was planned for, so a stall of the",
      "server is charged for all that it delays. Closed loop: the throughput is a maximum, and its",
      "latency says little. Raise overload_protection of the gateway above what is sent here.",
      "Exit codes: 0 every answer came, 1 not so, 2 a mistake in the flags."
    },
    sortOptions = false)
final class LoadCommand implements Callable<Integer> {
  private static final int BAR_COLUMNS = 30;

  private final List<String> arguments;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-server", "--server"},
      paramLabel = "HOST:PORT",
      description = "Where players connect. Default: ${DEFAULT-VALUE}")
  private String server = "127.0.0.1:8453";

  @Option(
      names = {"-ca", "--ca"},
      paramLabel = "FILE",
      description = "PEM of the authority to trust; without it anybody is trusted.")
  private @Nullable Path ca;

  @Option(
      names = {"-connections", "--connections"},
      paramLabel = "N",
      description = "Players. Default: ${DEFAULT-VALUE}")
  private int connections = 100;

  @Option(
      names = {"-rate", "--rate"},
      paramLabel = "N",
      description = "Open loop: requests per second in total. Default: ${DEFAULT-VALUE}")
  private double rate = 1_000;

  @Option(
      names = {"-closed", "--closed"},
      description = "Closed loop: every player sends again when it was answered.")
  private boolean closed;

  @Option(
      names = {"-depth", "--depth"},
      paramLabel = "N",
      description = "Closed loop: unanswered requests per player. Default: ${DEFAULT-VALUE}")
  private int depth = 1;

  @Option(
      names = {"-kind", "--kind"},
      paramLabel = "KIND",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Traffic.Kind kind = Traffic.Kind.BUSINESS;

  @Option(
      names = {"-payload", "--payload"},
      paramLabel = "BYTES",
      description = "Data of a BUSINESS request. Default: ${DEFAULT-VALUE}")
  private int payload = 128;

  @Option(
      names = {"-acks", "--acks"},
      paramLabel = "WHEN",
      description =
          "When answers are acknowledged: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Traffic.Acks acks = Traffic.Acks.EACH;

  @Option(
      names = {"-bare", "--bare"},
      description = "No START: for a server that only echoes frames.")
  private boolean bare;

  @Option(
      names = {"-zone", "--zone"},
      paramLabel = "ZONE",
      description = "Only OpenIDs of this zone (001 to 006).")
  private @Nullable String zone;

  @Option(
      names = {"-openid-prefix", "--openid-prefix"},
      paramLabel = "TEXT",
      description = "OpenIDs are this and a number. Default: ${DEFAULT-VALUE}")
  private String openidPrefix = "bench-";

  @Option(
      names = {"-loops", "--loops"},
      paramLabel = "N",
      description = "Event loops of the generator. Default: ${DEFAULT-VALUE}")
  private int loops = 1;

  @Option(
      names = {"-warmup", "--warmup"},
      paramLabel = "DURATION",
      description = "Sent but not recorded. Default: 5s")
  private Duration warmup = Duration.ofSeconds(5);

  @Option(
      names = {"-duration", "--duration"},
      paramLabel = "DURATION",
      description = "Recorded. Default: 10s")
  private Duration duration = Duration.ofSeconds(10);

  @Option(
      names = {"-json", "--json"},
      paramLabel = "FILE",
      description = "Writes the result, its circumstances and the raw histogram.")
  private @Nullable Path json;

  LoadCommand(List<String> arguments) {
    this.arguments = arguments;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadPlan plan = plan();
    List<String> openids = openids();
    try (Fleet fleet =
        Fleet.connect(address(), trust(), traffic(), connections, loops, openids::get)) {
      LoadReport report = fleet.run(plan, this::progress);
      print(report);
      if (json != null) {
        Map<String, Object> all = new LinkedHashMap<>(RunFacts.of(arguments));
        all.putAll(ReportJson.of(report, plan.isOpen()));
        ReportJson.write(json, all);
      }
      return report.complete() ? Cli.OK : Cli.FAILED;
    }
  }

  /** The plan that the flags describe. */
  LoadPlan plan() {
    return checked(
        () ->
            closed
                ? LoadPlan.closed(depth, warmup, duration)
                : LoadPlan.open(rate, warmup, duration));
  }

  /** The traffic that the flags describe. */
  Traffic traffic() {
    return checked(() -> new Traffic(kind, !bare, payload, acks));
  }

  private List<String> openids() {
    if (connections < 1) {
      throw mistake("--connections: " + connections + " (expected: > 0)");
    }
    return checked(
        () -> Openids.of(openidPrefix, connections, zone == null ? null : ZoneId.parse(zone)));
  }

  private InetSocketAddress address() {
    InstanceAddress parsed = checked(() -> InstanceAddress.parse(server, "127.0.0.1"));
    return new InetSocketAddress(parsed.host(), parsed.port());
  }

  private ServerTrust trust() throws IOException {
    return ca == null ? new ServerTrust.Anybody() : ServerTrust.ofPem(ca);
  }

  private interface Checked<T> {
    T get();
  }

  private <T> T checked(Checked<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw mistake(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException mistake(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private void progress(double seconds, long answered) {
    double whole = (warmup.toNanos() + duration.toNanos()) / 1e9;
    int filled = (int) (Math.min(1, seconds / whole) * BAR_COLUMNS);
    String bar = "#".repeat(filled) + "-".repeat(BAR_COLUMNS - filled);
    PrintWriter err = spec.commandLine().getErr();
    err.printf("\r[%s] %5.1f s  %,d answers", bar, seconds, answered);
    err.flush();
  }

  private void print(LoadReport report) {
    spec.commandLine().getErr().println();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s, %d connections, %s, %.0f s%n",
        closed ? "closed loop (max)" : "open loop at %.0f/s".formatted(rate),
        connections,
        kind == Traffic.Kind.BUSINESS ? payload + " bytes" : "heartbeats",
        duration.toNanos() / 1e9);
    out.printf(
        "%,d sent of %,d planned, %,d answered, %,d errors, %,d lost; %,.0f answers/s%n",
        report.sent(),
        report.planned(),
        report.answered(),
        report.errors(),
        report.lost(),
        report.ratePerSecond());
    out.printf(
        "latency in us: p50 %.0f  p90 %.0f  p99 %.0f  p99.9 %.0f  max %.0f%n",
        report.micros(50),
        report.micros(90),
        report.micros(99),
        report.micros(99.9),
        report.micros(100));
    out.flush();
  }
}
