package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.role.RoleSettings.ArbiterKind;
import dev.gatesvr.backup.role.RoleState;

/** Runs of one fault each, with what must follow. */
final class Scenarios {
  private Scenarios() {}

  /** A standby that stood still for longer than the heartbeat timeout leaves the leader alone. */
  static void ownPausesMoveNothing() {
    for (long seed = 1; seed <= 8; seed++) {
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

  /** A standby that restarts again and again, on links that end while it joins. */
  static void joinsAreBrokenOff() {
    for (long seed = 1; seed <= 20; seed++) {
      PairWorld world =
          new PairWorld(seed, seed % 2 == 0 ? ArbiterKind.WITNESS : ArbiterKind.ETCD, false);
      world.runFor(1_000 * Net.MS);
      for (int i = 0; i < 12; i++) {
        world.kill(1);
        world.start(1);
        int resets = world.time.random().nextInt(6);
        for (int j = 0; j < resets; j++) {
          world.runFor((1 + world.time.random().nextInt(150)) * Net.MS);
          Proc standby = world.node(1);
          if (standby != null) {
            standby.reset(world.time.oneIn(2));
          }
        }
        world.runFor(world.time.random().nextInt(300) * Net.MS);
      }
      world.rest();
    }
  }

  /** Without an arbiter one failure at a time loses nothing, and the lead moves at once. */
  static void aBarePairSurvivesOneDeathAtATime() {
    for (long seed = 1; seed <= 10; seed++) {
      PairWorld world = new PairWorld(seed, ArbiterKind.NONE, false);
      world.runFor(2_000 * Net.MS);
      for (int i = 0; i < 6; i++) {
        int node = world.time.random().nextInt(2);
        world.kill(node);
        world.runFor((50 + world.time.random().nextInt(2_000)) * Net.MS);
        world.start(node);
        world.runFor(3_000 * Net.MS);
      }
      world.rest();
    }
  }

  /** Without an arbiter a partition makes two leaders; after it there is one. */
  static void aBarePairIsOneAgainAfterAPartition() {
    for (long seed = 1; seed <= 10; seed++) {
      PairWorld world = new PairWorld(seed, ArbiterKind.NONE, false);
      world.runFor(2_000 * Net.MS);
      world.part();
      world.runFor(3_000 * Net.MS);
      world.truth.check(
          world.processes().stream().allMatch(p -> p.machine.status().state() == RoleState.PRIMARY),
          "a bare pair that is parted has two leaders");
      world.rest();
    }
  }
}
