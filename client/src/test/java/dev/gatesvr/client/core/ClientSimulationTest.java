package dev.gatesvr.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many runs of {@link ClientSimulation}; {@code -Dseed=N} replays one. */
class ClientSimulationTest {
  private final AtomicLong runs = new AtomicLong();
  private final AtomicLong breaks = new AtomicLong();
  private final AtomicLong resumes = new AtomicLong();
  private final AtomicLong pushes = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();

  @Test
  @Timeout(120)
  void everyRequestEndsOnceAndEveryPushArrivesOnceInOrder() {
    Seeds.each("client", getClass().getSimpleName(), 500, this::run);

    // The seeds must have been through what they are meant to be through.
    assertThat(breaks.get()).as("connections cut").isGreaterThan(5 * runs.get());
    assertThat(resumes.get()).as("attached again").isGreaterThan(5 * runs.get());
    assertThat(pushes.get()).as("messages received").isGreaterThan(100 * runs.get());
    assertThat(duplicates.get()).as("replayed and seen before").isGreaterThan(runs.get());
  }

  private void run(long seed) {
    ClientSimulation simulation = new ClientSimulation(seed);
    simulation.run();
    runs.incrementAndGet();
    breaks.addAndGet(simulation.breaks());
    resumes.addAndGet(simulation.stats().attaches());
    pushes.addAndGet(simulation.stats().pushesReceived());
    duplicates.addAndGet(simulation.stats().duplicatesDropped());
  }
}
