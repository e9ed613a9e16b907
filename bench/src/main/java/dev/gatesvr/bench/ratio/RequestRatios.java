package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.load.Fleet;
import dev.gatesvr.bench.load.LoadPlan;
import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.load.Traffic;
import dev.gatesvr.upstream.route.ZoneId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * R1 and R2: a heartbeat against a bare QUIC echo, and a request to a zone and back against bare
 * QUIC to a bare gRPC call. Each at half the knee and at the maximum.
 */
final class RequestRatios {
  /**
   * Unanswered requests per player at the maximum: with more, a bare server answers several in one
   * packet, where a session runs one request after the other.
   */
  private static final int MAX_DEPTH = 1;

  private static final int WARMUP_STEPS = 5;
  private static final double WARM_SHARE = 0.1;

  private final Rig rig;
  private final Effort effort;
  private final int connections;
  private final Traffic request;
  private final List<ProcessAccount> load = new ArrayList<>();

  /**
   * @param connections players
   * @param request what they send in R2
   */
  RequestRatios(Rig rig, int connections, Traffic request) {
    this.rig = rig;
    this.effort = rig.effort();
    this.connections = connections;
    this.request = request;
  }

  void measure() throws IOException, InterruptedException {
    Servers servers = rig.servers();
    ServerProcess zone = rig.opened(servers.zone());
    load.add(new ProcessAccount(ProcessHandle.current().pid()));
    load.add(zone.account());
    int zonePort = Servers.bareAddress(zone).getPort();
    ServerProcess gateway = rig.opened(servers.gateway("gateway", Map.of()));
    Servers.register(gateway, zonePort);
    InetSocketAddress players = Servers.playersOf(gateway);

    Traffic beat = new Traffic(Traffic.Kind.HEARTBEAT, true, 0, request.acks());
    ServerProcess echo = rig.opened(servers.echo("echo"));
    ServerProcess twin = rig.opened(servers.echo("echo-twin"));
    Side bareEcho = side("bare echo", echo, Servers.bareAddress(echo), beat.bare());
    Side echoTwin = side("bare echo again", twin, Servers.bareAddress(twin), beat.bare());
    Side heartbeat = side("gateway heartbeat", gateway, players, beat);
    double rate = halfTheKnee(List.of(bareEcho, echoTwin, heartbeat));
    compare("A/A", bareEcho, echoTwin, rate, effort.aaRounds);
    compare("R1", bareEcho, heartbeat, rate, effort.rounds);

    ServerProcess relay = rig.opened(servers.relay("relay", zonePort));
    Side bareRelay = side("bare relay", relay, Servers.bareAddress(relay), request.bare());
    Side routed = side("gateway request", gateway, players, request);
    double routedRate = halfTheKnee(List.of(bareRelay, routed));
    compare("R2", bareRelay, routed, routedRate, effort.rounds);
  }

  private Side side(String name, ServerProcess server, InetSocketAddress at, Traffic traffic)
      throws IOException, InterruptedException {
    List<String> openids =
        Openids.of(traffic.kind() + "-", connections, ZoneId.parse(Servers.ZONE));
    Fleet fleet = rig.opened(Fleet.connect(at, rig.trust(), traffic, connections, 1, openids::get));
    return new Side(name, server.account(), List.copyOf(load), fleet);
  }

  /** Warms every side up and finds its maximum and its knee; half of the lowest knee. */
  private double halfTheKnee(List<Side> sides) throws IOException, InterruptedException {
    double lowest = Double.MAX_VALUE;
    for (Side side : sides) {
      warmUp(side);
      Side.Segment max = side.run(LoadPlan.closed(MAX_DEPTH, Duration.ZERO, effort.max));
      double rate = max.report().ratePerSecond();
      double server = 100 * max.serverShare();
      double load = 100 * max.loadShare();
      rig.say(
          "max  %-18s %,8.0f/s closed loop; %5.1f us CPU; server %.0f %% of a core, load %.0f %%"
              .formatted(side.name(), rate, max.cpuMicros(), server, load));
      rig.result(
          "max " + side.name(),
          Map.of("rate", rate, "cpu_us", max.cpuMicros(), "server_%", server, "load_%", load));
      lowest = Math.min(lowest, Knee.of(side, rate, effort.max));
    }
    rig.say("knee %,.0f/s (open loop, p99 within %d ms)".formatted(lowest, Knee.P99_MILLIS));
    return lowest / 2;
  }

  /**
   * Warm is what compiles little more, not what has waited: on a busy machine a server gets only a
   * fraction of its core, and this takes up to {@code patience} times as long.
   */
  private void warmUp(Side side) throws IOException, InterruptedException {
    Duration step = effort.warmup.dividedBy(WARMUP_STEPS);
    double compilingShare = 1;
    for (int i = 0; i < WARMUP_STEPS * effort.patience; i++) {
      if (i >= WARMUP_STEPS && compilingShare < WARM_SHARE) {
        return;
      }
      ProcessAccount.Cpu used = side.run(LoadPlan.closed(MAX_DEPTH, Duration.ZERO, step)).server();
      compilingShare = used.compiling() / Math.max(used.total(), Double.MIN_NORMAL);
    }
  }

  private void compare(String title, Side a, Side b, double rate, int rounds)
      throws IOException, InterruptedException {
    LoadPlan halfTheKnee = LoadPlan.open(rate, Duration.ZERO, effort.segment);
    Comparison found = Comparison.run(a, b, halfTheKnee, rounds);
    rig.say(
        "\n%s  %s : %s, %,.0f/s open loop, %d rounds"
            .formatted(title, b.name(), a.name(), rate, rounds));
    rig.say("    at half the knee   %s CPU per answer".formatted(found.cpu()));
    rig.say(
        "    added p99          %.2f ms (%.2f to %.2f)"
            .formatted(
                found.addedP99Micros().median() / 1e3,
                found.addedP99Micros().min() / 1e3,
                found.addedP99Micros().max() / 1e3));
    List.of(found.a(), found.b()).forEach(this::say);
    rig.result(title, RatioJson.of(found, rate, rounds));

    LoadPlan busy = LoadPlan.closed(MAX_DEPTH, Duration.ZERO, effort.max);
    Comparison atMax = Comparison.run(a, b, busy, rounds);
    rig.say(
        "    at the maximum     %s CPU per answer: %.1f us and %.1f us"
            .formatted(atMax.cpu(), atMax.a().cpuMicros(), atMax.b().cpuMicros()));
    rig.result(title + " at the maximum", RatioJson.of(atMax, 0, rounds));
  }

  private void say(Comparison.Total total) {
    rig.say(
        ("    %-18s %6.1f us CPU (and %.0f %% JIT); latency us p50 %,.0f  p90 %,.0f  p99 %,.0f"
                + "  p99.9 %,.0f  max %,.0f")
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
}
