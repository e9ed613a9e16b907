package dev.gatesvr.gateway.pair;

import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;

/** What carries everything between hosts: late, sometimes not, and not everywhere. */
final class SimNet {
  private static final long MILLI = 1_000_000;
  private static final int HOSTS = 8;

  final VirtualTime time;
  private final boolean[][] blocked = new boolean[HOSTS][HOSTS];
  private final List<SimLink.End> stuck = new ArrayList<>();

  /** One message in so many gets lost, if it is not on a connection; 0 for none. */
  int lossOneIn;

  /** One in so many is very late; 0 for none. */
  int lateOneIn;

  SimNet(VirtualTime time) {
    this.time = time;
  }

  long delayNanos() {
    long nanos = 20_000L + time.random().nextInt(600_000);
    return lateOneIn > 0 && time.oneIn(lateOneIn)
        ? nanos * (10L + time.random().nextInt(200))
        : nanos;
  }

  boolean blocked(int from, int to) {
    return blocked[from][to];
  }

  void block(int from, int to) {
    blocked[from][to] = true;
  }

  boolean anyBlocked() {
    for (boolean[] row : blocked) {
      for (boolean one : row) {
        if (one) {
          return true;
        }
      }
    }
    return false;
  }

  void healAll() {
    for (boolean[] row : blocked) {
      java.util.Arrays.fill(row, false);
    }
    List<SimLink.End> free = List.copyOf(stuck);
    stuck.clear();
    free.forEach(SimLink.End::flush);
  }

  void stuck(SimLink.End end) {
    stuck.add(end);
  }

  /** A message by itself: it may get lost, come twice, or be overtaken. */
  void carry(SimProcess from, SimProcess to, Runnable arrives) {
    boolean lost = blocked(from.host, to.host) || (lossOneIn > 0 && time.oneIn(lossOneIn));
    if (lost) {
      return;
    }
    time.after(delayNanos(), () -> to.now(arrives));
    if (lossOneIn > 0 && time.oneIn(2 * lossOneIn)) {
      time.after(20 * MILLI + delayNanos(), () -> to.now(arrives));
    }
  }

  /** A call that asks once. */
  interface Call {
    void arrives(Reply reply);
  }

  /** What came of it, told once. */
  interface Reply {
    void answer(Runnable atCaller);
  }

  /**
   * A call on a connection that may break under it.
   *
   * @param broken told when no answer can come any more
   */
  void call(SimProcess from, SimProcess to, Call call, java.util.function.Consumer<Broken> broken) {
    if (to.dead()) {
      from.after(delayNanos(), () -> broken.accept(Broken.NOT_SENT));
      return;
    }
    boolean lost = blocked(from.host, to.host) || (lossOneIn > 0 && time.oneIn(8 * lossOneIn));
    if (lost) {
      from.after(100 * MILLI, () -> broken.accept(Broken.MAY_HAVE_ARRIVED));
      return;
    }
    time.after(
        delayNanos(),
        () -> {
          if (to.dead()) {
            from.now(() -> broken.accept(Broken.MAY_HAVE_ARRIVED));
          } else {
            to.now(() -> call.arrives(answer -> back(from, to, answer, broken)));
          }
        });
  }

  private void back(
      SimProcess from, SimProcess to, Runnable answer, java.util.function.Consumer<Broken> broken) {
    boolean lost = blocked(to.host, from.host) || (lossOneIn > 0 && time.oneIn(8 * lossOneIn));
    if (lost) {
      from.after(100 * MILLI, () -> broken.accept(Broken.MAY_HAVE_ARRIVED));
    } else {
      from.after(delayNanos(), answer);
    }
  }

  /** How a call ended without an answer. */
  enum Broken {
    NOT_SENT,
    MAY_HAVE_ARRIVED
  }
}
