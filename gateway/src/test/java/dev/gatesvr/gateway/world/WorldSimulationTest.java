package dev.gatesvr.gateway.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WorldSimulationTest {
  private long events;
  private long cuts;
  private long resumes;
  private long gaps;
  private long thefts;
  private long sessions;

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
    World.Tally tally = new World(seed).run();
    events += tally.events();
    cuts += tally.cuts();
    resumes += tally.resumes();
    gaps += tally.gaps();
    thefts += tally.thefts();
    sessions += tally.sessions();
  }

  /** A run in which nothing went wrong would prove nothing. */
  private void tell() {
    System.out.printf(
        "%,d events: %,d cuts, %,d resumes, %,d gaps, %,d thefts, %,d sessions%n",
        events, cuts, resumes, gaps, thefts, sessions);
    assertThat(resumes).isPositive();
    assertThat(sessions).isPositive();
    assertThat(thefts).isPositive();
  }
}
