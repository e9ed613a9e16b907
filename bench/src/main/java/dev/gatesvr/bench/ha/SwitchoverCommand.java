package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.ratio.Rig;
import dev.gatesvr.cmd.Cli;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench ha switchover}. */
@Command(
    name = "switchover",
    description = "Planned switchovers back and forth, while players ask all the time.")
final class SwitchoverCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long AFTER_MILLIS = 500;
  private static final int TRIES_MAX = 5;

  @Mixin private HaOptions options = new HaOptions();

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description = "Attached beside the players who are measured. Default: ${DEFAULT-VALUE}")
  private int sessions;

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 100;

  @Option(
      names = "--players",
      paramLabel = "N",
      description = "Who ask, each with a connection to the standby. Default: ${DEFAULT-VALUE}")
  private int players = 10;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "Between two requests of a player. Default: 5ms")
  private Duration interval = Duration.ofMillis(5);

  private Faults before = Faults.NONE;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Double> quiet = new ArrayList<>();
    List<Double> stalls = new ArrayList<>();
    Table all = new Table("round", "longest_gap_ms", "longest_gap_before_ms", "faults");
    try (Rig rig = options.rig(false)) {
      Stage stage = Stage.open(rig, options, new Players.Numbers(players, 0, sessions));
      for (int number = 1; number <= rounds; number++) {
        List<Double> ordinary = new ArrayList<>();
        List<Double> stalled = round(stage, ordinary);
        quiet.addAll(ordinary);
        stalls.addAll(stalled);
        Faults sum = stage.settle();
        Faults here = sum.since(before);
        before = sum;
        String longest = "%.2f".formatted(Spread.of(stalled).max());
        String longestBefore = "%.2f".formatted(Spread.of(ordinary).max());
        all.add(List.of(Integer.toString(number), longest, longestBefore, here.toString()));
        options.note("round " + number + ": " + longest + " ms; " + here);
      }
      options.print(rig, table(quiet, stalls), all, remarks());
    }
    return before.none() ? Cli.OK : Cli.FAILED;
  }

  private Table table(List<Double> quiet, List<Double> stalls) {
    Table table =
        new Table(
            "sessions",
            "rounds",
            "longest wait for an answer p50 ms",
            "p99",
            "max",
            "the same without a switchover p50 ms",
            "p99",
            "max",
            "lost",
            "duplicate",
            "reordered",
            "told of a loss");
    List<String> cells = new ArrayList<>();
    cells.add("%,d".formatted(sessions));
    cells.add(Integer.toString(rounds));
    cells.addAll(Spread.of(stalls).cells());
    cells.addAll(Spread.of(quiet).cells());
    cells.add(Long.toString(before.lost()));
    cells.add(Long.toString(before.duplicate()));
    cells.add(Long.toString(before.reordered()));
    cells.add(Long.toString(before.signals()));
    table.add(cells);
    return table;
  }

  /** One switchover; the longest gaps of each player, and those in as long a time before it. */
  private List<Double> round(Stage stage, List<Double> ordinary)
      throws IOException, InterruptedException {
    PairNode primary = stage.awaitReady();
    List<HaPlayer> asking = stage.players().warm();
    List<Pacer> pacers = new ArrayList<>();
    Stage.Traffic pushes = stage.push(interval.multipliedBy(4));
    try {
      for (HaPlayer player : asking) {
        pacers.add(
            new Pacer(
                player.openid(),
                interval.toNanos(),
                (turn, plannedNanos) -> player.ask("r" + plannedNanos)));
      }
      stage.leadIn(primary);
      watch(asking);
      Thread.sleep(AFTER_MILLIS);
      ordinary.addAll(gaps(asking));
      switchOver(stage, primary, asking);
      long doneNanos = System.nanoTime();
      for (HaPlayer player : asking) {
        Patience.await(
            PATIENCE,
            player.openid() + " is answered by the new primary",
            () -> player.answers().newestNanos() > doneNanos);
      }
      Thread.sleep(AFTER_MILLIS);
      return gaps(asking);
    } finally {
      pushes.end();
      for (Pacer pacer : pacers) {
        pacer.end();
      }
    }
  }

  /** Tries again where the pair was solo for a moment, as on a busy machine. */
  private static void switchOver(Stage stage, PairNode primary, List<HaPlayer> asking)
      throws IOException, InterruptedException {
    for (int tries = 1; ; tries++) {
      stage.leadIn(primary);
      watch(asking);
      try {
        primary.switchOver();
        return;
      } catch (IOException e) {
        if (tries == TRIES_MAX) {
          throw e;
        }
      }
    }
  }

  private static void watch(List<HaPlayer> players) {
    long nowNanos = System.nanoTime();
    players.forEach(player -> player.answers().watch(nowNanos));
  }

  private static List<Double> gaps(List<HaPlayer> players) {
    long nowNanos = System.nanoTime();
    return players.stream().map(p -> p.answers().endNanos(nowNanos) / 1e6).toList();
  }

  private String remarks() {
    return """
        The longest time between two answers to a player who asks every %d ms, one figure for each of %d players and each round. \
        The last three times are of half a second before each switchover.
        """
        .formatted(interval.toMillis(), players);
  }
}
