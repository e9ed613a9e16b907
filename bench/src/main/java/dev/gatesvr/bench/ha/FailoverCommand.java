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

/** {@code bench ha failover}. */
@Command(
    name = "failover",
    description = "A signal to the primary, again and again; the one that comes back is standby.")
final class FailoverCommand implements Callable<Integer> {
  private static final String[] COLUMNS = {
    "signal", "sessions", "rounds", "first push acknowledged p50 ms", "p99", "max",
    "silence, warm p50 ms", "p99", "max", "silence, cold p50 ms", "p99", "max",
    "lost", "duplicate", "reordered", "told of a loss"
  };

  /** What is sent to the primary. */
  enum Signal {
    KILL,
    STOP
  }

  @Mixin private HaOptions options = new HaOptions();

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description = "Attached beside the players who are measured. Default: ${DEFAULT-VALUE}")
  private int sessions;

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 100;

  @Option(
      names = "--signal",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Signal signal = Signal.KILL;

  @Option(
      names = "--warm",
      paramLabel = "N",
      description = "Measured, with a connection to the standby. Default: ${DEFAULT-VALUE}")
  private int warm = 20;

  @Option(
      names = "--cold",
      paramLabel = "N",
      description = "Measured, without one. Default: ${DEFAULT-VALUE}")
  private int cold = 20;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      description = "Between pushes to one who is measured. Default: 20ms")
  private Duration interval = Duration.ofMillis(20);

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<FailoverRound.Result> results = new ArrayList<>();
    Table all = FailoverRound.Result.table();
    Faults sum = Faults.NONE;
    try (Rig rig = options.rig(false);
        Signals signals = new Signals()) {
      Stage stage = Stage.open(rig, options, new Players.Numbers(warm, cold, sessions));
      FailoverRound round = new FailoverRound(stage, signals, signal, interval);
      for (int number = 1; number <= rounds; number++) {
        FailoverRound.Result result = round.run();
        results.add(result);
        sum = sum.plus(result.faults());
        all.add(result.cells(number));
        options.note("round " + number + ": " + result);
        complain(stage, result);
      }
      options.print(rig, table(results, sum), all, remarks());
    }
    return sum.none() ? Cli.OK : Cli.FAILED;
  }

  private void complain(Stage stage, FailoverRound.Result result) {
    if (!result.faults().none()) {
      stage.players().complaints().forEach(options::note);
    }
    if (result.pushes().refused() > 0) {
      options.note("refused: " + stage.source().newestRefusal());
    }
  }

  private Table table(List<FailoverRound.Result> results, Faults sum) {
    List<String> cells = new ArrayList<>();
    cells.add(signal.name());
    cells.add("%,d".formatted(sessions));
    cells.add(Integer.toString(results.size()));
    cells.addAll(Spread.of(results.stream().map(FailoverRound.Result::ackMillis).toList()).cells());
    cells.addAll(
        Spread.of(results.stream().flatMap(r -> r.warmMillis().stream()).toList()).cells());
    cells.addAll(
        Spread.of(results.stream().flatMap(r -> r.coldMillis().stream()).toList()).cells());
    for (long count : new long[] {sum.lost(), sum.duplicate(), sum.reordered(), sum.signals()}) {
      cells.add(Long.toString(count));
    }
    Table table = new Table(COLUMNS);
    table.add(cells);
    return table;
  }

  private String remarks() {
    return """
        From just before the signal to the acknowledgement at the zone. Silence: the longest time between two pushes of a player \
        who is pushed to every %d ms, one figure for each player and round (%d warm, %d cold). A cold player notices by heartbeats \
        every %d ms, three of them, and gives an attempt to connect %d ms. The sessions beside them come back as soon as the new \
        primary acknowledges.
        """
        .formatted(
            interval.toMillis(),
            warm,
            cold,
            options.timing().heartbeat().toMillis(),
            options.timing().connect().toMillis());
  }
}
