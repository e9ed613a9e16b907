package dev.gatesvr.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SessionSimulationTest {
  private static final int STEPS = 600;
  private long gaps;

  @Test
  void losesRepeatsAndReordersNothing() {
    Seeds.each("session", "SessionSimulationTest#losesRepeatsAndReordersNothing", 500, this::run);
    assertThat(gaps).as("gaps seen, so that they were tested at all").isGreaterThan(500);
  }

  @Test
  @Tag("long")
  void losesRepeatsAndReordersNothingOverManySeeds() {
    Seeds.each(
        "session",
        "SessionSimulationTest#losesRepeatsAndReordersNothingOverManySeeds",
        10_000,
        this::run);
  }

  private void run(long seed) {
    SessionWorld world = new SessionWorld(seed);
    for (int i = 0; i < STEPS; i++) {
      world.step();
    }
    world.settle();
    gaps += world.gaps();
  }
}
