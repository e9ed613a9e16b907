package dev.gatesvr.gateway.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WorldSimulationTest {
  /** What a run must have seen, or it proved nothing. */
  private static final List<String> WANTED =
      List.of(
          "resumed",
          "gap",
          "cut",
          "stolen token",
          "session over",
          "push FULL",
          "push BOUND",
          "closed REPLACED",
          "closed REATTACHED",
          "closed GOING_AWAY",
          "closed SLOW_CONSUMER",
          "closed DEAD_PEER");

  private final Map<String, Long> seen = new TreeMap<>();

  @Test
  void losesRepeatsAndReordersNothing() {
    Seeds.each("gateway", "WorldSimulationTest#losesRepeatsAndReordersNothing", 500, this::run);
    tell();
  }

  @Test
  @Tag("long")
  void losesRepeatsAndReordersNothingOverManySeeds() {
    Seeds.each(
        "gateway",
        "WorldSimulationTest#losesRepeatsAndReordersNothingOverManySeeds",
        10_000,
        this::run);
    tell();
  }

  private void run(long seed) {
    new World(seed).run().forEach((what, times) -> seen.merge(what, times, Long::sum));
  }

  private void tell() {
    System.out.println(seen);
    if (System.getProperty("seed") == null && System.getProperty("seeds") == null) {
      assertThat(seen).containsKeys(WANTED.toArray(String[]::new));
    }
  }
}
