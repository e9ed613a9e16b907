package dev.gatesvr.cmd.demo;

import dev.gatesvr.client.Dialer;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.upstream.route.ZoneId;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program {@code demo}: everything once, over real processes and sockets. */
@Command(
    name = "demo",
    description = "One gateway, six upstreams, a player in every zone; 0 when all of it worked.",
    sortOptions = false)
public final class DemoMain implements Callable<Integer> {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(40);

  @Option(
      names = {"-keep", "--keep"},
      description = "Leaves everything running until Enter.")
  private boolean keep;

  private final DemoReport report =
      new DemoReport(
          new PrintWriter(
              new OutputStreamWriter(
                  new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8)));

  public static void main(String[] args) {
    System.exit(Cli.run(new DemoMain(), args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (DemoFleet fleet = DemoFleet.in(Path.of(System.getProperty("gatesvr.home", "build")))) {
      List<String> wrong = run(fleet, start + START_TIMEOUT.toNanos());
      Map<String, Integer> exitCodes = fleet.stop();
      report.exitCodes(exitCodes);
      exitCodes.forEach(
          (name, code) -> {
            if (code != 0) {
              wrong.add(name + " ended with exit code " + code);
            }
          });
      return verdict(wrong, start, fleet);
    }
  }

  private int verdict(List<String> wrong, long startNanos, DemoFleet fleet) {
    if (wrong.isEmpty()) {
      String seconds = String.format(Locale.ROOT, "%.1f", (System.nanoTime() - startNanos) / 1e9);
      report.say("everything worked, in " + seconds + " s; logs in " + fleet.logs());
      return Cli.OK;
    }
    throw new DemoException(
        wrong.size() + " wrong: " + wrong.getFirst() + "; logs in " + fleet.logs());
  }

  /** Runs the demo; returns what was wrong. */
  private List<String> run(DemoFleet fleet, long deadlineNanos)
      throws IOException, InterruptedException {
    report.say("making a development certificate ...");
    fleet.makeCertificate(deadlineNanos);
    report.say("starting a gateway ...");
    DemoFleet.Ports ports = fleet.startGateway(deadlineNanos);
    report.say("  players QUIC %s, upstreams gRPC %s".formatted(ports.quic(), ports.grpc()));
    report.say("starting six upstreams ...");
    fleet.startUpstreams(ports.grpc(), deadlineNanos);
    try (OperatorPages pages = new OperatorPages(ports)) {
      pages.awaitReady(deadlineNanos);
      List<String> wrong = play(fleet, ports, pages);
      if (keep) {
        report.say("");
        report.say(
            "running until Enter; players: build/client -server="
                + ports.quic()
                + " -ca="
                + fleet.ca());
        var unused = System.in.read();
      }
      return wrong;
    }
  }

  private List<String> play(DemoFleet fleet, DemoFleet.Ports ports, OperatorPages pages)
      throws InterruptedException {
    List<DemoPlayer> players = new ArrayList<>();
    try (Dialer dialer = settings(fleet, ports).openDialer(1)) {
      try {
        for (ZoneId zone : ZoneId.values()) {
          players.add(new DemoPlayer(zone, settings(fleet, ports), dialer));
        }
        for (DemoPlayer player : players) {
          player.awaitReady();
        }
        return check(new DemoScenario(players), ports, pages);
      } finally {
        players.forEach(DemoPlayer::close);
      }
    }
  }

  private List<String> check(DemoScenario scenario, DemoFleet.Ports ports, OperatorPages pages)
      throws InterruptedException {
    report.header();
    List<String> wrong = new ArrayList<>();
    for (DemoScenario.Row row : scenario.run(report::row)) {
      if (!row.good()) {
        wrong.add(row.action() + " in zone " + row.zone() + ": " + row.result());
      }
    }
    wrong.addAll(scenario.strays());
    report.whereToLook(ports, pages.stats(), pages.metrics());
    return wrong;
  }

  private static GatewayClientBuilder settings(DemoFleet fleet, DemoFleet.Ports ports) {
    return GatewayClient.builder().server(ports.quic()).trust(fleet.ca());
  }
}
