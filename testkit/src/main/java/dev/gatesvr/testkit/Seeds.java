package dev.gatesvr.testkit;

import java.util.function.LongConsumer;

/**
 * Runs a simulation over many seeds. A failure names its seed and the command that replays it
 * alone.
 *
 * <p>{@code -Dseeds=N} sets how many, {@code -Dseed=S} runs only that one.
 */
public final class Seeds {
  private Seeds() {}

  /**
   * Runs {@code simulation} once per seed.
   *
   * @param module Maven module of the test, such as {@code session}
   * @param test class and method, such as {@code SessionSimulationTest#holdsItsInvariants}
   * @param count how many seeds unless the properties say otherwise
   */
  public static void each(String module, String test, int count, LongConsumer simulation) {
    String only = System.getProperty("seed");
    if (only != null) {
      run(module, test, Long.parseLong(only), simulation);
      return;
    }
    long seeds = Long.getLong("seeds", count);
    for (long seed = 1; seed <= seeds; seed++) {
      run(module, test, seed, simulation);
    }
  }

  private static void run(String module, String test, long seed, LongConsumer simulation) {
    try {
      simulation.accept(seed);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed "
              + seed
              + " failed; replay it with: mvn -pl "
              + module
              + " -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
              + test
              + " -Dseed="
              + seed,
          e);
    }
  }
}
