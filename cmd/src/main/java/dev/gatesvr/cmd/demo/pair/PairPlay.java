package dev.gatesvr.cmd.demo.pair;

import dev.gatesvr.cmd.demo.DemoException;
import dev.gatesvr.cmd.demo.DemoProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The order of events. */
final class PairPlay {
  private static final Duration STEADY = Duration.ofSeconds(4);

  /** So that the handshakes of all players are not taken for ordinary times. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private final PairFleet fleet;
  private final PairReport report;
  private final int count;
  private final Duration every;
  private final long deadlineNanos;

  /**
   * @param count players
   * @param every interval between two requests of a player, and between two pushes to it
   */
  PairPlay(PairFleet fleet, PairReport report, int count, Duration every, long deadlineNanos) {
    this.fleet = fleet;
    this.report = report;
    this.count = count;
    this.every = every;
    this.deadlineNanos = deadlineNanos;
  }

  /** Runs it; returns what was wrong, in words. */
  List<String> run() throws IOException, InterruptedException {
    DemoProcess gencerts = fleet.startCertificates();
    NodePorts portsA = NodePorts.free();
    NodePorts portsB = NodePorts.free();
    List<String> witnesses =
        fleet.startZones(List.of(portsA.grpc(), portsB.grpc()), every, deadlineNanos);
    fleet.awaitCertificates(gencerts, deadlineNanos);
    report.say("six upstreams run, each a witness");
    try (PairNode a =
            fleet.node(
                new NodeConfig("a", portsA, portsB.link(), witnesses, fleet.certificates()));
        PairNode b =
            fleet.node(
                new NodeConfig("b", portsB, portsA.link(), witnesses, fleet.certificates()))) {
      a.start();
      b.start();
      a.awaitBound(deadlineNanos);
      b.awaitBound(deadlineNanos);
      a.awaitPaired(deadlineNanos);
      a.awaitReady(deadlineNanos);
      report.say("gateways a (primary) and b (standby) are paired");
      return play(a, b);
    }
  }

  private List<String> play(PairNode a, PairNode b) throws InterruptedException {
    try (Crowd crowd =
        new Crowd(count, List.of(a.quic(), b.quic()), fleet.certificates().resolve("ca.crt"))) {
      crowd.begin(every, deadlineNanos);
      crowd.awaitWarm(1, deadlineNanos);
      Thread.sleep(SETTLE);
      report.say(
          "%d players ask, and are pushed to, every %d ms".formatted(count, every.toMillis()));
      crowd.chapters().open(Chapter.ORDINARY, System.nanoTime());
      Thread.sleep(STEADY);
      killed(crowd, a, b);
      cameBack(crowd, a, b);
      switchedBack(crowd, a, b);
      return verdict(crowd);
    }
  }

  private void killed(Crowd crowd, PairNode a, PairNode b) throws InterruptedException {
    if (!a.paired()) {
      throw new DemoException("gateway a went solo before it was killed: see " + fleet.logs());
    }
    report.say("SIGKILL to gateway a");
    long began = System.nanoTime();
    crowd.chapters().open(Chapter.SIGKILL, began);
    a.kill();
    b.awaitReady(deadlineNanos);
    report.say("gateway b serves, " + millisSince(began) + " ms after the SIGKILL");
    Thread.sleep(STEADY);
    report.say("a player's longest silence: " + worst(crowd, Chapter.SIGKILL) + " ms");
  }

  private void cameBack(Crowd crowd, PairNode a, PairNode b) throws InterruptedException {
    long began = System.nanoTime();
    crowd.chapters().open(Chapter.COMEBACK, began);
    a.start();
    a.awaitBound(deadlineNanos);
    long bound = System.nanoTime();
    b.awaitPaired(deadlineNanos);
    report.say(
        "gateway a is back as standby: started in %d ms, in sync %d ms later"
            .formatted((bound - began) / 1_000_000, millisSince(bound)));
    crowd.awaitWarm(2, deadlineNanos);
    Thread.sleep(STEADY);
  }

  private void switchedBack(Crowd crowd, PairNode a, PairNode b) throws InterruptedException {
    b.awaitPaired(deadlineNanos);
    report.say("planned switchover from b to a");
    long began = System.nanoTime();
    crowd.chapters().open(Chapter.SWITCHOVER, began);
    double stallMillis = b.switchOver();
    a.awaitReady(deadlineNanos);
    report.say(
        String.format(
            Locale.ROOT,
            "gateway a serves after %d ms; stall %.1f ms",
            millisSince(began),
            stallMillis));
    Thread.sleep(STEADY);
    report.say("a player's longest silence: " + worst(crowd, Chapter.SWITCHOVER) + " ms");
  }

  private List<String> verdict(Crowd crowd) throws InterruptedException {
    Tally tally = crowd.end(deadlineNanos);
    report.machine();
    report.silences(crowd.players().stream().map(CrowdPlayer::diary).toList());
    long failovers = crowd.failovers();
    report.tally(tally, failovers);
    List<String> wrong = new ArrayList<>(tally.wrong());
    if (!wrong.isEmpty()) {
      crowd.players().stream()
          .filter(player -> !player.diary().firstComplaint().isEmpty())
          .findFirst()
          .ifPresent(
              player ->
                  report.say("player " + player.openid() + ": " + player.diary().firstComplaint()));
    }
    if (failovers < count) {
      wrong.add("only " + failovers + " sessions moved to another gateway");
    }
    return wrong;
  }

  private static long worst(Crowd crowd, Chapter chapter) {
    return crowd.players().stream()
            .mapToLong(player -> player.diary().silenceNanos(chapter))
            .max()
            .orElse(0)
        / 1_000_000;
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
