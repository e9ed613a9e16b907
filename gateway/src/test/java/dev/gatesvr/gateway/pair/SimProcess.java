package dev.gatesvr.gateway.pair;

import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** One run of a program: it may stand still for a while, and it dies once. */
final class SimProcess {
  final VirtualTime time;
  final int host;
  private final List<SimLink.End> ends = new ArrayList<>();
  private final ArrayDeque<Runnable> late = new ArrayDeque<>();
  private boolean dead;
  private boolean paused;

  SimProcess(VirtualTime time, int host) {
    this.time = time;
    this.host = host;
  }

  boolean dead() {
    return dead;
  }

  boolean paused() {
    return paused;
  }

  /** Runs it unless the process is dead; when it stands still, afterwards and in order. */
  void now(Runnable task) {
    if (paused) {
      late.add(task);
    } else if (!dead) {
      task.run();
    }
  }

  void at(long atNanos, Runnable task) {
    time.at(atNanos, () -> now(task));
  }

  void after(long nanos, Runnable task) {
    at(time.nowNanos() + nanos, task);
  }

  void pause(long nanos) {
    if (!paused && !dead) {
      paused = true;
      time.after(nanos, this::goOn);
    }
  }

  void goOn() {
    paused = false;
    while (!late.isEmpty() && !dead && !paused) {
      late.remove().run();
    }
  }

  /**
   * It is gone.
   *
   * @param silently its machine is gone too, and tells nobody
   */
  void die(boolean silently) {
    dead = true;
    paused = false;
    late.clear();
    if (!silently) {
      tellPeers();
    }
  }

  /** Its machine tells those who were connected that it knows nothing of them. */
  void tellPeers() {
    List.copyOf(ends).forEach(SimLink.End::reset);
    ends.clear();
  }

  void opened(SimLink.End end) {
    if (ends.size() > 30) {
      ends.removeIf(SimLink.End::over);
    }
    ends.add(end);
  }

  /** Work that is done in order and by itself, as on a loop. */
  final class Loop {
    private final int hopNanosMax;
    private long busyUntil = Long.MIN_VALUE;

    Loop(int hopNanosMax) {
      this.hopNanosMax = hopNanosMax;
    }

    void execute(Runnable task) {
      long hop = hopNanosMax == 0 ? 0 : time.random().nextInt(hopNanosMax);
      busyUntil = Math.max(busyUntil, time.nowNanos() + hop);
      at(busyUntil, task);
    }
  }
}
