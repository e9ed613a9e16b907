package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.load.LoadPlan;
import dev.gatesvr.bench.load.LoadReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Two sides over rounds of A B B A with one plan.
 *
 * @param cpu B's CPU per answer over A's, by round
 * @param addedP99Micros B's p99 less A's, by round
 * @param a all of A
 * @param b all of B
 */
record Comparison(Ratio cpu, Ratio addedP99Micros, Total a, Total b) {
  /**
   * One side over all rounds.
   *
   * @param cpuMicros per answer, without the JIT's
   * @param compilingShare the JIT's part of the server's CPU: near zero when it is warm
   */
  record Total(
      String name, double cpuMicros, double compilingShare, long answers, Histogram latencyNanos) {
    static Total of(Side side, List<Side.Segment> segments) {
      Histogram all = LoadReport.histogram();
      segments.forEach(segment -> all.add(segment.report().latencyNanos()));
      return new Total(
          side.name(),
          Comparison.cpuMicros(segments),
          compilingShare(segments),
          Comparison.answers(segments),
          all);
    }

    private static double compilingShare(List<Side.Segment> segments) {
      double all = segments.stream().mapToDouble(s -> s.server().total()).sum();
      return segments.stream().mapToDouble(s -> s.server().compiling()).sum() / all;
    }

    double micros(double percentile) {
      return latencyNanos.getValueAtPercentile(percentile) / 1e3;
    }
  }

  /** Runs the rounds. */
  static Comparison run(Side a, Side b, LoadPlan plan, int rounds)
      throws IOException, InterruptedException {
    List<Side.Segment> allA = new ArrayList<>();
    List<Side.Segment> allB = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    List<Double> added = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Side.Segment firstA = a.run(plan);
      List<Side.Segment> ofB = List.of(b.run(plan), b.run(plan));
      List<Side.Segment> ofA = List.of(firstA, a.run(plan));
      cpu.add(cpuMicros(ofB) / cpuMicros(ofA));
      added.add(Total.of(b, ofB).micros(99) - Total.of(a, ofA).micros(99));
      allA.addAll(ofA);
      allB.addAll(ofB);
    }
    return new Comparison(Ratio.of(cpu), Ratio.of(added), Total.of(a, allA), Total.of(b, allB));
  }

  private static long answers(List<Side.Segment> segments) {
    return segments.stream().mapToLong(segment -> segment.report().answered()).sum();
  }

  private static double cpuMicros(List<Side.Segment> segments) {
    double seconds = segments.stream().mapToDouble(segment -> segment.server().working()).sum();
    return seconds * 1e6 / answers(segments);
  }
}
