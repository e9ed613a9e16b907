package dev.gatesvr.cmd.demo.pair;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.demo.DemoException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code demo-ha}: a pair of gateways, one of them killed, and what players see. */
@Command(
    name = "demo-ha",
    description = "A pair of gateways, SIGKILL, comeback, switchover; 0 when nothing was lost.",
    subcommands = ZoneCommand.class,
    sortOptions = false)
public final class DemoHaMain implements Callable<Integer> {
  /** Two free cores need less than a minute; a busy machine gets longer. */
  private static final Duration RUN_TIMEOUT = Duration.ofMinutes(3);

  private static final int PLAYERS_MAX = 2_000;
  private static final Duration EVERY_MIN = Duration.ofMillis(20);
  private static final Duration EVERY_MAX = Duration.ofSeconds(10);

  /** How often all is started anew because somebody else took a port. */
  private static final int ATTEMPTS_MAX = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-players", "--players"},
      defaultValue = "200",
      paramLabel = "N",
      description = "How many players. Default: ${DEFAULT-VALUE}")
  private int players;

  @Option(
      names = {"-every", "--every"},
      defaultValue = "200ms",
      paramLabel = "DURATION",
      description = "Between two requests of a player, and two pushes. Default: ${DEFAULT-VALUE}")
  private Duration every = Duration.ZERO;

  public static void main(String[] args) {
    System.exit(Cli.run(new DemoHaMain(), args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    check("--players: " + players, players >= 1 && players <= PLAYERS_MAX, "1 to " + PLAYERS_MAX);
    check(
        "--every: " + every.toMillis() + "ms",
        every.compareTo(EVERY_MIN) >= 0 && every.compareTo(EVERY_MAX) <= 0,
        "20ms to 10s");
    long start = System.nanoTime();
    PrintWriter out = spec.commandLine().getOut();
    PairReport report = new PairReport(out, start);
    for (int attempt = 1; ; attempt++) {
      try {
        return run(report, start + RUN_TIMEOUT.toNanos());
      } catch (DemoException e) {
        if (attempt == ATTEMPTS_MAX || !String.valueOf(e.getMessage()).contains("in use")) {
          throw e;
        }
        report.say("somebody else took a port; once more");
      }
    }
  }

  private int run(PairReport report, long deadlineNanos) throws IOException, InterruptedException {
    try (PairFleet fleet = PairFleet.in(Path.of(System.getProperty("gatesvr.home", "build")))) {
      PairPlay play = new PairPlay(fleet, report, players, every, deadlineNanos);
      List<String> wrong = new ArrayList<>(play.run());
      wrong.addAll(fleet.stop());
      if (!wrong.isEmpty()) {
        throw new DemoException(String.join(", ", wrong) + "; logs in " + fleet.logs());
      }
      report.say("nothing lost, nothing twice, nothing out of order; logs in " + fleet.logs());
      return Cli.OK;
    }
  }

  private void check(String value, boolean good, String expected) {
    if (!good) {
      throw new ParameterException(spec.commandLine(), value + " (expected: " + expected + ")");
    }
  }
}
