package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.load.LoadPlan;
import java.io.IOException;
import java.time.Duration;

/**
 * Where latency begins to grow without bound. A server that is asked at a fixed rate wakes for
 * every request; one in a closed loop finds many at once and needs less for each, so that its
 * maximum lies above the knee.
 */
final class Knee {
  /** A rate is below the knee while its p99 stays within this. */
  static final int P99_MILLIS = 10;

  /** From one rate tried to the next. */
  private static final double STEP = 0.7;

  private static final int TRIES_MAX = 6;

  private Knee() {}

  /**
   * Tries rates downwards from a closed loop's maximum.
   *
   * @return the first good rate; the last one tried when the machine lets none be good
   */
  static double of(Side side, double max, Duration each) throws IOException, InterruptedException {
    double rate = max;
    for (int i = 0; i < TRIES_MAX; i++) {
      rate *= STEP;
      LoadPlan plan = LoadPlan.open(rate, each.dividedBy(3), each.dividedBy(2));
      if (side.run(plan).report().micros(99) <= P99_MILLIS * 1e3) {
        return rate;
      }
    }
    return rate;
  }
}
