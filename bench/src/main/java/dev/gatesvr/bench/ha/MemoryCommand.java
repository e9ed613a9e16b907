package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.load.ReturningFleet;
import dev.gatesvr.bench.ratio.ProcessAccount;
import dev.gatesvr.bench.ratio.Rig;
import dev.gatesvr.bench.ratio.Servers;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.service.Gateways;
import dev.gatesvr.upstream.service.Notice;
import dev.gatesvr.upstream.service.PushResult;
import dev.gatesvr.upstream.service.Reply;
import dev.gatesvr.upstream.service.UpstreamService;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench ha memory}. */
@Command(
    name = "memory",
    description = "Heap of sessions with unacknowledged pushes, at the primary and at the standby.")
final class MemoryCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Loads classes and fills pools, so that these are not charged to the sessions. */
  private static final int FIRST_SESSIONS = 200;

  private static final int AT_ONCE = 64;

  @Mixin private HaOptions options = new HaOptions();

  @Option(names = "--sessions", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}")
  private int sessions = 5_000;

  @Option(
      names = "--pushes",
      paramLabel = "N",
      description = "Unacknowledged, for each session. Default: ${DEFAULT-VALUE}")
  private int pushes = 50;

  @Option(
      names = "--payload",
      paramLabel = "BYTES",
      description = "Text of a push. Default: ${DEFAULT-VALUE}")
  private int payload = 128;

  /** Bytes of live objects at one moment. */
  private record Heaps(long primary, long standby) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Table table =
        new Table(
            "sessions",
            "pushes each",
            "players",
            "primary, heap bytes per session",
            "standby",
            "standby to primary");
    try (Rig rig = options.rig(false)) {
      Pair pair =
          Pair.start(rig, new Ports(), "pair", "sync", Pair.witnesses(rig), options.settings());
      UpstreamService zone = rig.opened(zone(pair));
      Patience.await(
          PATIENCE,
          "the zone is registered",
          () -> zone.gateways().links().stream().allMatch(Gateways.Link::registered));
      warmUp(rig, pair, zone);
      Heaps empty = heaps(pair);
      try (ReturningFleet fleet = fleet(rig, pair, "held-", sessions)) {
        fill(fleet, zone, "held-", sessions);
        awaitCopied(pair);
        table.add(cells("connected", empty, heaps(pair)));
        fleet.leave();
        awaitCopied(pair);
        table.add(cells("away", empty, heaps(pair)));
      }
      options.print(rig, table, table, remarks());
    }
    return Cli.OK;
  }

  private static UpstreamService zone(Pair pair) throws IOException {
    var builder = UpstreamService.builder().zone(Servers.ZONE).listen("127.0.0.1:0");
    pair.nodes().forEach(node -> builder.gateway(node.grpc()));
    return builder
        .serviceName("bench")
        .on("echo", request -> Reply.ok("", request.data().toStringUtf8()))
        .start();
  }

  private void warmUp(Rig rig, Pair pair, UpstreamService zone)
      throws IOException, InterruptedException {
    int first = Math.min(FIRST_SESSIONS, sessions);
    try (ReturningFleet fleet = fleet(rig, pair, "first-", first)) {
      fill(fleet, zone, "first-", first);
      fleet.leave();
    }
  }

  private static ReturningFleet fleet(Rig rig, Pair pair, String prefix, int count)
      throws IOException, InterruptedException {
    InstanceAddress quic = InstanceAddress.parse(pair.awaitWhole().quic(), "127.0.0.1");
    return ReturningFleet.of(
        new InetSocketAddress(quic.host(), quic.port()), rig.trust(), openids(prefix, count), null);
  }

  private static List<String> openids(String prefix, int count) {
    return Openids.of(prefix, count, ZoneId.parse(Servers.ZONE));
  }

  /** Everybody comes and is pushed to, and never acknowledges. */
  private void fill(ReturningFleet fleet, UpstreamService zone, String prefix, int count)
      throws IOException, InterruptedException {
    fleet.storm(AT_ONCE);
    options.note(count + " sessions are there; " + pushes + " pushes for each");
    for (int number = 0; number < pushes; number++) {
      List<CompletableFuture<PushResult>> sent = new ArrayList<>();
      String text = number + "|" + "x".repeat(payload);
      for (String openid : openids(prefix, count)) {
        sent.add(
            zone.gateways()
                .pushToPlayer(openid, Notice.of("bench", "", text))
                .toCompletableFuture());
      }
      for (var push : sent) {
        requireAccepted(push);
      }
    }
  }

  private static void requireAccepted(CompletableFuture<PushResult> push)
      throws IOException, InterruptedException {
    try {
      PushResult result = push.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!result.accepted()) {
        throw new IOException("a push was not taken: " + result);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("a push has no outcome", e);
    }
  }

  private void awaitCopied(Pair pair) throws IOException, InterruptedException {
    PairNode primary = pair.awaitWhole();
    Patience.await(
        PATIENCE,
        "the standby holds all sessions",
        () -> {
          NodeStatus copy = pair.other(primary).status();
          NodeStatus live = primary.status();
          return copy != null
              && live != null
              && copy.copies() >= sessions
              && live.lagEntries() == 0;
        });
  }

  private static Heaps heaps(Pair pair) throws IOException, InterruptedException {
    PairNode primary = pair.awaitWhole();
    return new Heaps(heap(primary), heap(pair.other(primary)));
  }

  private static long heap(PairNode node) throws IOException, InterruptedException {
    ProcessAccount account = node.process().account();
    account.awaitQuiet();
    return account.heapByClass().values().stream().mapToLong(Long::longValue).sum();
  }

  private List<String> cells(String players, Heaps empty, Heaps full) {
    double primary = (double) (full.primary() - empty.primary()) / sessions;
    double standby = (double) (full.standby() - empty.standby()) / sessions;
    return List.of(
        "%,d".formatted(sessions),
        Integer.toString(pushes),
        players,
        "%,.0f".formatted(primary),
        "%,.0f".formatted(standby),
        "%.2f".formatted(standby / primary));
  }

  private String remarks() {
    return """
        Live objects after a full collection, less those before the sessions; %d bytes of text in a push. Connected: the primary \
        also holds each player's connection. Away: the players left, the sessions wait.
        """
        .formatted(payload);
  }
}
