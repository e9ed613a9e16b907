package dev.gatesvr.upstream.service;

import dev.gatesvr.testkit.Seeds;
import org.junit.jupiter.api.Test;

class ResultWindowSimulationTest {
  private static final int SEEDS = 1_000;
  private static final int STEPS = 400;

  @Test
  void runsAtMostOnceAnswersTheSameAndNeverClaimsWhatItDropped() {
    Seeds.each(
        "upstream",
        "ResultWindowSimulationTest#runsAtMostOnceAnswersTheSameAndNeverClaimsWhatItDropped",
        SEEDS,
        seed -> {
          WindowSimulation simulation = new WindowSimulation(seed, false);
          for (int step = 0; step < STEPS; step++) {
            simulation.step();
          }
          simulation.windDown();
        });
  }

  /** With room for everything every decision is known beforehand, so excuses are counted too. */
  @Test
  void withRoomForEverythingEveryDecisionIsExact() {
    Seeds.each(
        "upstream",
        "ResultWindowSimulationTest#withRoomForEverythingEveryDecisionIsExact",
        SEEDS,
        seed -> {
          WindowSimulation simulation = new WindowSimulation(seed, true);
          for (int step = 0; step < STEPS; step++) {
            simulation.step();
          }
          simulation.windDown();
        });
  }
}
