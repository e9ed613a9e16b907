package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.role.RoleInput;
import java.util.Random;

/** What goes wrong in a run. */
final class Faults {
  private final PairWorld world;
  private final Random random;
  private boolean over;

  Faults(PairWorld world) {
    this.world = world;
    random = world.time.random();
  }

  /** Faults at random times from now on. */
  void schedule(long withinNanos) {
    int count = 1 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      world.time.after(random.nextInt((int) (withinNanos / Net.MS)) * Net.MS, this::happen);
    }
  }

  /** What was begun does not go on. */
  void end() {
    over = true;
  }

  private void later(long millis, Runnable action) {
    world.time.after(
        millis * Net.MS,
        () -> {
          if (!over) {
            action.run();
          }
        });
  }

  private long some() {
    return switch (random.nextInt(3)) {
      case 0 -> 1 + random.nextInt(100);
      case 1 -> 100 + random.nextInt(600);
      default -> 500 + random.nextInt(3000);
    };
  }

  private void happen() {
    if (over) {
      return;
    }
    int node = random.nextInt(2);
    int witness = random.nextInt(world.witnesses.count());
    int fault = random.nextInt(18);
    world.truth.note("fault", fault + " at " + node);
    switch (fault) {
      case 0, 1, 2 -> crash(node);
      case 3 -> {
        crash(node);
        later(random.nextInt(400), () -> crash(1 - node));
      }
      case 4, 5 -> pause(node);
      case 6 -> {
        cut("a", "b");
        cut("b", "a");
      }
      case 7 -> cut(node == 0 ? "a" : "b", node == 0 ? "b" : "a");
      case 8 -> isolate(node, false);
      case 9 -> isolate(node, true);
      case 10 -> witnessesDown(witness);
      case 11 -> {
        world.net.lossPercent(random.nextInt(30));
        later(some(), () -> world.net.lossPercent(0));
      }
      case 12 -> {
        world.slow(node, true);
        later(some(), () -> world.slow(node, false));
      }
      case 13, 14 -> flap(node, 1 + random.nextInt(8));
      case 15 -> crashSoon(node);
      case 16 -> world.fence(world.truth.last().term() + 1 + random.nextInt(3));
      default -> operator(node);
    }
  }

  private void crash(int node) {
    if (world.node(node) != null) {
      world.kill(node);
      later(some(), () -> restart(node));
    }
  }

  /** Restarts the standby, and soon after kills or cuts something again. */
  private void crashSoon(int node) {
    crash(node);
    later(random.nextInt(1500), () -> flap(node, 1 + random.nextInt(4)));
  }

  /** Something between the two resets their connection, seen by both or by the one that dialled. */
  private void flap(int node, int times) {
    Proc proc = world.node(node);
    if (proc != null) {
      proc.post(() -> proc.reset(random.nextInt(3) > 0));
    }
    if (times > 1) {
      later(10 + random.nextInt(200), () -> flap(node, times - 1));
    }
  }

  private void restart(int node) {
    if (world.node(node) == null) {
      world.start(node);
    }
  }

  private void pause(int node) {
    Proc proc = world.node(node);
    if (proc != null) {
      world.truth.note(proc.incarnation, "is paused");
      proc.pause();
      later(
          some(),
          () -> {
            world.truth.note(proc.incarnation, "goes on");
            proc.resume();
          });
    }
  }

  private void cut(String from, String to) {
    world.net.block(from, to);
    later(some(), () -> world.net.unblock(from, to));
  }

  /** From the witnesses, and with {@code all} from the other gateway too. */
  private void isolate(int node, boolean all) {
    String me = node == 0 ? "a" : "b";
    for (int i = 0; i < world.witnesses.count(); i++) {
      cut(me, Witnesses.place(i));
      cut(Witnesses.place(i), me);
    }
    cut(me, EtcdRegister.PLACE);
    cut(EtcdRegister.PLACE, me);
    if (all) {
      cut("a", "b");
      cut("b", "a");
    }
  }

  private void witnessesDown(int first) {
    int count = 1 + random.nextInt(2);
    boolean diskless = world.time.oneIn(3);
    world.etcdUp = false;
    later(some(), () -> world.etcdUp = true);
    for (int i = 0; i < count; i++) {
      int witness = (first + i) % world.witnesses.count();
      world.witnesses.up(witness, false);
      if (diskless && i == 0) {
        world.witnesses.loseDisk(witness);
      }
      later(some(), () -> world.witnesses.up(witness, true));
    }
  }

  private void operator(int node) {
    Proc proc = world.node(node);
    if (proc != null) {
      proc.post(() -> proc.input(new RoleInput.SwitchOver()));
    }
  }
}
