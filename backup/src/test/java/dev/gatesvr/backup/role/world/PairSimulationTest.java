package dev.gatesvr.backup.role.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import org.junit.jupiter.api.Test;

class PairSimulationTest {
  @Test
  void ownPausesMoveNothing() {
    Scenarios.ownPausesMoveNothing();
  }

  @Test
  void brokenJoinsLoseNothing() {
    Scenarios.joinsAreBrokenOff();
  }

  @Test
  void aBarePairSurvivesOneDeathAtATime() {
    Scenarios.aBarePairSurvivesOneDeathAtATime();
  }

  @Test
  void aBarePairIsOneAgainAfterAPartition() {
    Scenarios.aBarePairIsOneAgainAfterAPartition();
  }

  @Test
  void holdsItsInvariants() {
    long[] sums = new long[3];
    Seeds.each(
        "backup",
        "PairSimulationTest#holdsItsInvariants",
        300,
        seed -> {
          PairWorld world = new PairWorld(seed);
          world.run();
          sums[0] += world.truth.acks();
          sums[1] += world.truth.promotions();
          sums[2] += world.truth.losses();
        });
    assertThat(sums[0]).as("outputs that left").isPositive();
    assertThat(sums[1]).as("leaders after the first").isPositive();
    assertThat(sums[2]).as("runs in which both died").isLessThan(sums[1]);
  }
}
