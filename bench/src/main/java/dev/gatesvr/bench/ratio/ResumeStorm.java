package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.load.ReturningFleet;
import dev.gatesvr.proto.ServerPush;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * R6: every player is gone and comes back at once with a resume token, against as many bare
 * handshakes with one frame echoed. Full TLS handshakes on both sides, as the SDK makes them.
 */
final class ResumeStorm {
  private static final int WARMUP_STORMS = 3;

  /** Handshakes under way: above it the gateway asks for a proof of address (performance.md). */
  private static final int AT_ONCE_MAX = 1_000;

  private final Rig rig;
  private final Effort effort;
  private final int players;

  ResumeStorm(Rig rig, int players) {
    this.rig = rig;
    this.effort = rig.effort();
    this.players = players;
  }

  /** A server and all who come to it. */
  private static final class Side implements Paired.Trial {
    private final String name;
    private final ReturningFleet fleet;
    private final ProcessAccount server;
    private final ProcessAccount load = new ProcessAccount(ProcessHandle.current().pid());
    private double serverShare;
    private double loadShare;
    private int retries;

    Side(String name, ReturningFleet fleet, ProcessAccount server) {
      this.name = name;
      this.fleet = fleet;
      this.server = server;
    }

    /** One storm; CPU until the server is quiet again, so that what it does later counts. */
    @Override
    public Paired.Sample run() throws IOException, InterruptedException {
      fleet.leave();
      server.awaitQuiet();
      ProcessAccount.Cpu before = server.cpu();
      double loadBefore = load.cpu().total();
      ReturningFleet.Storm storm = fleet.storm(AT_ONCE_MAX);
      double seconds = storm.nanos() / 1e9;
      serverShare = server.cpu().since(before).total() / seconds;
      loadShare = (load.cpu().total() - loadBefore) / seconds;
      retries += storm.retries();
      server.awaitQuiet();
      double millis = seconds * 1e3;
      return new Paired.Sample(millis, millis, server.cpu().since(before).working() * 1e3);
    }
  }

  void measure() throws IOException, InterruptedException {
    ServerProcess gateway = rig.opened(rig.servers().gateway("gateway-storm", Map.of()));
    ServerProcess first = rig.opened(rig.servers().repeater("handshakes"));
    ServerProcess second = rig.opened(rig.servers().repeater("handshakes-twin"));
    ServerPush small = ServerPush.getDefaultInstance();
    Side resumes = side("resumes", gateway, Servers.playersOf(gateway), null);
    Side bare = side("bare handshakes", first, Servers.bareAddress(first), small);
    Side twin = side("bare handshakes again", second, Servers.bareAddress(second), small);
    for (Side side : List.of(resumes, bare, twin)) {
      for (int i = 0; i < Math.min(WARMUP_STORMS, effort.rounds); i++) {
        side.run();
      }
    }
    rig.say("\nEverybody comes back at once, %,d players".formatted(players));
    compare("R6", bare, resumes, effort.rounds);
    compare("R6 A/A", bare, twin, effort.aaRounds);
  }

  private Side side(
      String name, ServerProcess server, InetSocketAddress at, @Nullable ServerPush bareFrame)
      throws IOException {
    List<String> openids = Openids.of("storm-", players, null);
    ReturningFleet fleet = rig.opened(ReturningFleet.of(at, rig.trust(), openids, bareFrame));
    return new Side(name, fleet, server.account());
  }

  private void compare(String title, Side a, Side b, int rounds)
      throws IOException, InterruptedException {
    Paired found = Paired.run(a, b, rounds);
    rig.say("    %-8s rate %s; CPU %s".formatted(title, found.rate(), found.cpu()));
    say(a, found.millisOfA(), found.cpuOfA());
    say(b, found.millisOfB(), found.cpuOfB());
    rig.result(title, found);
  }

  private void say(Side side, Ratio millis, Ratio cpuMillis) {
    rig.say(
        ("      %-22s ms until the last %s; server CPU us each %.0f; in the last storm server"
                + " %.0f %% of a core, load %.0f %%; %d tried again so far")
            .formatted(
                side.name,
                millis.range(),
                cpuMillis.median() * 1e3 / players,
                100 * side.serverShare,
                100 * side.loadShare,
                side.retries));
  }
}
