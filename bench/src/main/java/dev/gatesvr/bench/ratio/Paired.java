package dev.gatesvr.bench.ratio;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Two ways to do the same work, over rounds of A B B A.
 *
 * @param rate B's rate over A's, by round
 * @param cpu B's CPU of the server over A's, by round
 * @param a every segment of A
 * @param b every segment of B
 */
record Paired(Ratio rate, Ratio cpu, List<Sample> a, List<Sample> b) {
  /**
   * One segment.
   *
   * @param millis the work took
   * @param quickestMillis the same when the machine disturbed least
   * @param cpuMillis of the server's process, without the JIT's
   */
  record Sample(double millis, double quickestMillis, double cpuMillis) {}

  /** Does the work once. */
  interface Trial {
    Sample run() throws IOException, InterruptedException;
  }

  /** Runs the rounds. */
  static Paired run(Trial a, Trial b, int rounds) throws IOException, InterruptedException {
    List<Sample> allA = new ArrayList<>();
    List<Sample> allB = new ArrayList<>();
    List<Double> rate = new ArrayList<>();
    List<Double> cpu = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      Sample firstA = a.run();
      List<Sample> ofB = List.of(b.run(), b.run());
      List<Sample> ofA = List.of(firstA, a.run());
      rate.add(millis(ofA) / millis(ofB));
      cpu.add(cpuMillis(ofB) / Math.max(cpuMillis(ofA), Double.MIN_NORMAL));
      allA.addAll(ofA);
      allB.addAll(ofB);
    }
    return new Paired(Ratio.of(rate), Ratio.of(cpu), List.copyOf(allA), List.copyOf(allB));
  }

  private static double millis(List<Sample> samples) {
    return samples.stream().mapToDouble(Sample::millis).sum();
  }

  private static double cpuMillis(List<Sample> samples) {
    return samples.stream().mapToDouble(Sample::cpuMillis).sum();
  }

  /** Milliseconds of A's segments. */
  Ratio millisOfA() {
    return Ratio.of(a.stream().map(Sample::millis).toList());
  }

  /** Milliseconds of B's segments. */
  Ratio millisOfB() {
    return Ratio.of(b.stream().map(Sample::millis).toList());
  }

  /** Milliseconds of A's quickest. */
  double quickestOfA() {
    return a.stream().mapToDouble(Sample::quickestMillis).min().orElseThrow();
  }

  /** Milliseconds of B's quickest. */
  double quickestOfB() {
    return b.stream().mapToDouble(Sample::quickestMillis).min().orElseThrow();
  }

  /** CPU milliseconds of A's segments. */
  Ratio cpuOfA() {
    return Ratio.of(a.stream().map(Sample::cpuMillis).toList());
  }

  /** CPU milliseconds of B's segments. */
  Ratio cpuOfB() {
    return Ratio.of(b.stream().map(Sample::cpuMillis).toList());
  }
}
