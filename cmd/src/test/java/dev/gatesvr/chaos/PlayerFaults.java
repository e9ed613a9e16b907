package dev.gatesvr.chaos;

import java.util.List;

/** Faults that players make themselves. */
final class PlayerFaults {
  private PlayerFaults() {}

  static List<Scenario> all() {
    return List.of();
  }
}
