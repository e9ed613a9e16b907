package dev.gatesvr.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plays rounds, one at a time. Scenarios of one kind share a world until a round is bad; then its
 * logs are left and the next round gets a new world.
 */
final class Chaos implements AutoCloseable {
  private final Path folder;
  private final Consumer<String> out;
  private final List<Report> reports = new ArrayList<>();
  private @Nullable World world;
  private Scenario.@Nullable Kind kind;
  private int worlds;

  /**
   * @param folder for logs and {@code rounds.csv}
   * @param out takes a line for each round
   */
  Chaos(Path folder, Consumer<String> out) {
    this.folder = folder;
    this.out = out;
  }

  /** Every scenario there is. */
  static List<Scenario> scenarios() {
    return Stream.of(Faults.all(), LinkFaults.all()).flatMap(List::stream).toList();
  }

  /** One scenario by name. */
  static Scenario scenario(String name) {
    return scenarios().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "scenario: "
                        + name
                        + " (expected: one of "
                        + scenarios().stream().map(Scenario::name).toList()
                        + ")"));
  }

  /** Plays one round; a bad one is told of in the report, not thrown. */
  Report play(Scenario scenario, long seed) {
    long beginNanos = System.nanoTime();
    Report report;
    try {
      report = Round.play(worldFor(scenario, seed), scenario, seed);
    } catch (ChaosException e) {
      double seconds = (System.nanoTime() - beginNanos) / 1e9;
      report =
          new Report(
              scenario.name(),
              seed,
              seconds,
              Double.NaN,
              0,
              0,
              "no verdict",
              List.of(),
              List.of(String.valueOf(e.getMessage())));
    }
    reports.add(report);
    write(report);
    out.accept(report.line());
    if (!report.good()) {
      report.mistakes().forEach(mistake -> out.accept("    " + mistake));
      out.accept("    logs: " + (world == null ? folder : world.folder()));
      out.accept(
          "    again: make chaos ARGS=\"rounds=1 scenario="
              + scenario.name()
              + " seed="
              + seed
              + "\"");
      end();
    }
    return report;
  }

  private World worldFor(Scenario scenario, long seed) {
    World current = world;
    if (current == null || kind != scenario.world()) {
      end();
      worlds++;
      long beginNanos = System.nanoTime();
      current = new World(scenario.world().plan(seed), folder.resolve("world-" + worlds));
      world = current;
      kind = scenario.world();
      out.accept(
          String.format(
              Locale.ROOT,
              "world %d (%s): whole after %.1f s",
              worlds,
              scenario.world(),
              (System.nanoTime() - beginNanos) / 1e9));
    }
    return current;
  }

  private void write(Report report) {
    Path csv = folder.resolve("rounds.csv");
    try {
      Files.createDirectories(folder);
      if (!Files.exists(csv)) {
        Files.writeString(csv, Report.CSV_HEAD + "\n");
      }
      Files.writeString(csv, report.csv() + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line for each scenario. */
  void summary() {
    Map<String, List<Report>> byName = new LinkedHashMap<>();
    reports.forEach(r -> byName.computeIfAbsent(r.scenario(), k -> new ArrayList<>()).add(r));
    out.accept("");
    out.accept(
        String.format(
            "%-36s %6s %4s %12s %12s %14s %14s",
            "scenario",
            "rounds",
            "bad",
            "ack p50 ms",
            "ack max ms",
            "silence p50 ms",
            "silence max ms"));
    byName.forEach(
        (name, of) ->
            out.accept(
                String.format(
                    Locale.ROOT,
                    "%-36s %6d %4d %12s %12s %14s %14s",
                    name,
                    of.size(),
                    of.stream().filter(r -> !r.good()).count(),
                    quantile(of.stream().map(Report::firstAckMillis).toList(), 0.5),
                    quantile(of.stream().map(Report::firstAckMillis).toList(), 1),
                    quantile(of.stream().map(Report::silenceMillis).toList(), 0.5),
                    quantile(of.stream().map(Report::silenceMillis).toList(), 1))));
  }

  private static String quantile(List<Double> values, double part) {
    List<Double> sorted = values.stream().filter(v -> !Double.isNaN(v)).sorted().toList();
    return sorted.isEmpty()
        ? "-"
        : String.format(
            Locale.ROOT, "%.1f", sorted.get((int) Math.ceil((sorted.size() - 1) * part)));
  }

  private void end() {
    if (world != null) {
      world.close();
      world = null;
    }
  }

  @Override
  public void close() {
    end();
  }
}
