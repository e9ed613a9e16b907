package dev.gatesvr.chaos;

import dev.gatesvr.chaos.Verdict.Allowance;
import java.util.function.Consumer;

/**
 * A fault by name.
 *
 * @param fault does it, and returns when what it is about has happened; the round heals
 * @param allowance what it may cost
 * @param world which kind of world it needs
 */
record Scenario(String name, Allowance allowance, Kind world, Consumer<Stage> fault) {
  /** Scenarios of one kind may share a world. */
  enum Kind {
    /** {@code backup.replication: sync}. */
    SYNC,
    /** The same with {@code backup.strict: true}. */
    STRICT,
    /** Two gateways that are no pair. */
    SINGLE;

    Plan plan(long seed) {
      return switch (this) {
        case SYNC -> Plan.of(seed);
        case STRICT -> Plan.of(seed).asStrict();
        case SINGLE -> Plan.of(seed).withoutPair();
      };
    }
  }

  static Scenario of(String name, Consumer<Stage> fault) {
    return new Scenario(name, Allowance.NOTHING, Kind.SYNC, fault);
  }

  Scenario mayCost(Allowance changed) {
    return new Scenario(name, changed, world, fault);
  }

  Scenario in(Kind changed) {
    return new Scenario(name, allowance, changed, fault);
  }
}
