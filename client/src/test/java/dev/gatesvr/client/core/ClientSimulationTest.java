package dev.gatesvr.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many runs of {@link ClientSimulation}. {@code -Dclient.seed=N} replays one, {@code
 * -Dclient.seeds=N} sets how many.
 */
class ClientSimulationTest {
  @Test
  @Timeout(120)
  void everyRequestEndsOnceAndEveryPushArrivesOnceInOrder() {
    long first = Long.getLong("client.seed", 1);
    long count = System.getProperty("client.seed") == null ? Long.getLong("client.seeds", 500) : 1;
    long breaks = 0;
    long pushes = 0;
    long duplicates = 0;
    for (long seed = first; seed < first + count; seed++) {
      ClientSimulation simulation = new ClientSimulation(seed);
      try {
        simulation.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed "
                + seed
                + ", replay: mvn -pl client -am test -Dtest=ClientSimulationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dclient.seed="
                + seed
                + ": "
                + e.getMessage(),
            e);
      }
      breaks += simulation.breaks();
      pushes += simulation.stats().pushesReceived();
      duplicates += simulation.stats().duplicatesDropped();
    }
    assertThat(breaks).as("connections cut").isGreaterThan(count);
    assertThat(pushes).as("pushes received").isGreaterThan(count * 100);
    assertThat(duplicates).as("replayed pushes seen again").isPositive();
  }
}
