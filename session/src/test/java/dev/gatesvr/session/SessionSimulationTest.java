package dev.gatesvr.session;

import dev.gatesvr.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SessionSimulationTest {
  private static final int STEPS = 600;

  @Test
  void losesRepeatsAndReordersNothing() {
    Seeds.each("session", "SessionSimulationTest#losesRepeatsAndReordersNothing", 500, this::run);
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
  }
}
