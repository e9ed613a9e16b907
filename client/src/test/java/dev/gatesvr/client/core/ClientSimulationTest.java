package dev.gatesvr.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many runs of {@link ClientSimulation}; {@code -Dseed=N} replays one. */
class ClientSimulationTest {
  private long runs;
  private long breaks;
  private long attaches;
  private long pushes;
  private long duplicates;
  private long missed;
  private long carried;
  private long sentAway;
  private long kicked;
  private long tokensRefused;
  private long reattached;
  private long troubles;
  private long takeovers;
  private long failovers;
  private long waited;
  private long notPrimary;
  private long offersLost;

  @Test
  @Timeout(120)
  void everyRequestEndsOnceAndEveryPushArrivesOnceInOrder() {
    Seeds.each(
        "client",
        "ClientSimulationTest#everyRequestEndsOnceAndEveryPushArrivesOnceInOrder",
        500,
        this::run);
    assertThatTheSeedsWereHardEnough();
  }

  @Test
  @Tag("long")
  void everyRequestEndsOnceAndEveryPushArrivesOnceInOrderOverManySeeds() {
    Seeds.each(
        "client",
        "ClientSimulationTest#everyRequestEndsOnceAndEveryPushArrivesOnceInOrderOverManySeeds",
        10_000,
        this::run);
    assertThatTheSeedsWereHardEnough();
  }

  private void run(long seed) {
    ClientSimulation simulation = new ClientSimulation(seed);
    simulation.run();
    ClientStats stats = simulation.stats();
    runs++;
    breaks += simulation.breaks();
    attaches += stats.attaches();
    pushes += stats.pushesReceived();
    duplicates += stats.duplicatesDropped();
    missed += stats.positionsMissed();
    carried += stats.acksCarried();
    sentAway += simulation.sentAway();
    kicked += simulation.kicked() ? 1 : 0;
    tokensRefused += simulation.gateway().tokensRefused();
    reattached += simulation.reattached();
    troubles += simulation.troubles();
    takeovers += simulation.takeovers();
    failovers += stats.failovers();
    waited += stats.warmConnections();
    notPrimary += stats.notPrimary();
    ModelPair pair = simulation.pair();
    offersLost += pair == null ? 0 : pair.offersLost();
  }

  /** Through what they are meant to be through; one seed alone need not be. */
  private void assertThatTheSeedsWereHardEnough() {
    if (runs < 100) {
      return;
    }
    assertThat(breaks).as("connections cut").isGreaterThan(5 * runs);
    assertThat(attaches).as("attached again").isGreaterThan(5 * runs);
    assertThat(pushes).as("messages received").isGreaterThan(100 * runs);
    assertThat(duplicates).as("replayed and seen before").isGreaterThan(runs);
    assertThat(missed).as("declared missing").isGreaterThan(10 * runs);
    assertThat(carried).as("acknowledged on other messages").isGreaterThan(10 * runs);
    assertThat(sentAway).as("sent away").isGreaterThan(runs);
    assertThat(kicked).as("kicked").isGreaterThan(runs / 20);
    assertThat(tokensRefused).as("tokens refused").isGreaterThan(runs);
    assertThat(reattached).as("overtaken by an older START").isGreaterThan(runs / 20);
    assertThat(troubles).as("faults of a pair").isGreaterThan(2 * runs);
    assertThat(takeovers).as("gone on at the second connection").isGreaterThan(runs / 2);
    assertThat(failovers).as("gone on at the other gateway").isGreaterThan(takeovers);
    assertThat(waited).as("second connections").isGreaterThan(2 * runs);
    assertThat(notPrimary).as("refused by a standby").isGreaterThan(runs);
    assertThat(offersLost).as("offers lost").isGreaterThan(runs / 50);
  }
}
