package dev.gatesvr.backup.role.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import org.junit.jupiter.api.Test;

class PairSimulationTest {
  @Test
  void holdsItsInvariants() {
    long[] sums = new long[4];
    Seeds.each(
        "backup",
        "PairSimulationTest#holdsItsInvariants",
        400,
        seed -> {
          PairWorld world = new PairWorld(seed);
          world.run();
          sums[0] += world.truth.acks();
          sums[1] += world.truth.promotions();
          sums[2] += world.truth.losses();
          sums[3] += world.time.ran();
        });
    System.getLogger("simulation")
        .log(
            System.Logger.Level.INFO,
            "acks {0}, promotions {1}, began anew {2}, events {3}",
            sums[0],
            sums[1],
            sums[2],
            sums[3]);
    assertThat(sums[0]).isPositive();
  }
}
