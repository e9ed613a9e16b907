package dev.gatesvr.gateway.pair;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatesvr.testkit.Seeds;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PairSimulationTest {
  /** What a run must have seen, or it proved nothing. */
  private static final List<String> WANTED =
      List.of(
          "took over",
          "began empty",
          "solo",
          "deposed",
          "fenced",
          "resumed",
          "resync",
          "warm offer",
          "kept answer",
          "joined",
          "outcome unknown",
          "push unknown",
          "push acknowledged");

  private final Map<String, Long> seen = new TreeMap<>();

  @BeforeAll
  static void quiet() {
    ((Logger) LoggerFactory.getLogger("dev.gatesvr.gateway.pair")).setLevel(Level.OFF);
  }

  @Test
  void losesNothingInSilence() {
    Seeds.each("gateway", "PairSimulationTest#losesNothingInSilence", 300, this::run);
    tell();
  }

  @Test
  @Tag("long")
  void losesNothingInSilenceOverManySeeds() {
    Seeds.each(
        "gateway", "PairSimulationTest#losesNothingInSilenceOverManySeeds", 4_000, this::run);
    tell();
  }

  private void run(long seed) {
    PairWorld world = new PairWorld(seed);
    if (Boolean.getBoolean("trace")) {
      world.traced();
    }
    world.run().forEach((what, times) -> seen.merge(what, times, Long::sum));
  }

  private void tell() {
    System.out.println(seen);
    if (System.getProperty("seed") == null && System.getProperty("seeds") == null) {
      assertThat(seen).containsKeys(WANTED.toArray(String[]::new));
    }
  }
}
