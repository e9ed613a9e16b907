package dev.gatesvr.cmd.demo.pair;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the demonstration prints: a line for each event as it happens, then two tables. */
final class PairReport {
  private final PrintWriter out;
  private final long startNanos;

  PairReport(PrintWriter out, long startNanos) {
    this.out = out;
    this.startNanos = startNanos;
  }

  /** One line with the time since the start. */
  void say(String line) {
    out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, line);
    out.flush();
  }

  /** How busy the machine is, without which no time means anything. */
  void machine() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    say(
        String.format(
            Locale.ROOT,
            "this machine: %d cores, load average %.1f",
            system.getAvailableProcessors(),
            system.getSystemLoadAverage()));
  }

  void silences(List<Diary> diaries) {
    out.println();
    out.println("longest time in which a player saw nothing at all, in ms");
    out.printf("  %-14s  %10s  %10s%n", "around", "median", "worst");
    for (Chapter chapter : Chapter.values()) {
      long[] sorted =
          diaries.stream().mapToLong(diary -> diary.silenceNanos(chapter)).sorted().toArray();
      out.printf(
          Locale.ROOT,
          "  %-14s  %,10.0f  %,10.0f%n",
          chapter.title(),
          sorted[sorted.length / 2] / 1e6,
          sorted[sorted.length - 1] / 1e6);
    }
    out.flush();
  }

  void tally(Tally tally, long failovers) {
    Tally.Requests requests = tally.requests();
    Tally.Pushes pushes = tally.pushes();
    out.println();
    Stream.of(
            row("requests sent", requests.asked(), ""),
            row("  answered", requests.answered(), "(must be all)"),
            row("  run twice", requests.ranAgain(), "(must be 0)"),
            row("pushes sent", pushes.pushed(), ""),
            row("  acknowledged", pushes.acknowledged(), ""),
            row(
                "  outcome unknown",
                pushes.unknown(),
                "(a gateway died with them; " + pushes.unknownButCame() + " came)"),
            row("  not taken", pushes.notTaken(), "(and said so)"),
            row("  lost", pushes.lost(), "(must be 0: acknowledged, never came)"),
            row("  duplicate", pushes.duplicates(), "(must be 0)"),
            row("  reordered", pushes.reordered(), "(must be 0)"),
            row("gaps and resyncs", tally.gaps() + tally.resyncs(), "(must be 0)"),
            row("sessions moved", failovers, "(to the other gateway)"))
        .forEach(out::println);
    out.flush();
  }

  private static String row(String what, long count, String remark) {
    return String.format(Locale.ROOT, "  %-18s  %,10d  %s", what, count, remark).stripTrailing();
  }
}
