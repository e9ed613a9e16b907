package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.role.RoleSettings.ArbiterKind;

/** Runs of one fault each, with what must follow. */
final class Scenarios {
  private Scenarios() {}

  /** A standby that stood still for longer than the heartbeat timeout leaves the leader alone. */
  static void ownPausesMoveNothing() {
    for (long seed = 1; seed <= 20; seed++) {
      for (ArbiterKind arbiter : new ArbiterKind[] {ArbiterKind.WITNESS, ArbiterKind.ETCD}) {
        PairWorld world = new PairWorld(seed, arbiter, false);
        world.runFor(2_000 * Net.MS);
        Proc standby = world.node(1);
        if (standby == null) {
          throw new AssertionError("no standby");
        }
        standby.pause();
        world.runFor(400 * Net.MS);
        standby.resume();
        world.runFor(2_000 * Net.MS);
        world.truth.check(world.truth.promotions() == 0, "a pause of the standby moved the lead");
      }
    }
  }
}
