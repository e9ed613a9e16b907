package dev.gatesvr.upstream.service;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks of one key in order and tasks of different keys at the same time. Thread-safe. Bounded
 * in all and for each key; nothing waits to get in.
 */
final class SessionLanes {
  private final Executor executor;
  private final Semaphore room;
  private final int roomMax;
  private final int perLaneMax;
  private final ConcurrentMap<String, Lane> lanes = new ConcurrentHashMap<>();

  SessionLanes(Executor executor, int roomMax, int perLaneMax) {
    this.executor = executor;
    this.room = new Semaphore(roomMax);
    this.roomMax = roomMax;
    this.perLaneMax = perLaneMax;
  }

  /** What became of a submitted task. */
  enum Admission {
    /** It runs, now or after the earlier ones of its key. */
    ADMITTED,
    /** There is no room in all. */
    FULL,
    /** The key has too many already. */
    LANE_FULL
  }

  /**
   * Runs a task after the earlier ones of its key.
   *
   * @param key empty for a task that waits for nobody
   */
  Admission submit(String key, Runnable task) {
    if (!room.tryAcquire()) {
      return Admission.FULL;
    }
    if (key.isEmpty()) {
      executor.execute(() -> run(task));
      return Admission.ADMITTED;
    }
    // The outcome of the atomic step below, which must not start the lane itself.
    boolean[] starts = new boolean[1];
    boolean[] full = new boolean[1];
    lanes.compute(
        key,
        (k, existing) -> {
          Lane lane = existing == null ? new Lane() : existing;
          starts[0] = existing == null;
          full[0] = lane.unfinished >= perLaneMax;
          if (!full[0]) {
            lane.unfinished++;
            lane.waiting.add(task);
          }
          return lane;
        });
    if (full[0]) {
      room.release();
      return Admission.LANE_FULL;
    }
    if (starts[0]) {
      executor.execute(() -> drain(key));
    }
    return Admission.ADMITTED;
  }

  /** Tasks that are running or waiting. */
  int unfinished() {
    return roomMax - room.availablePermits();
  }

  private void drain(String key) {
    Runnable task = next(key, false);
    while (task != null) {
      run(task);
      task = next(key, true);
    }
  }

  /** Takes the next task of a lane, and takes down a lane that has none. */
  private @Nullable Runnable next(String key, boolean oneFinished) {
    Runnable[] taken = new Runnable[1];
    lanes.computeIfPresent(
        key,
        (k, lane) -> {
          if (oneFinished) {
            lane.unfinished--;
          }
          taken[0] = lane.waiting.poll();
          return taken[0] == null ? null : lane;
        });
    return taken[0];
  }

  private void run(Runnable task) {
    try {
      task.run();
    } finally {
      room.release();
    }
  }

  /** Only touched inside the map's atomic steps. */
  private static final class Lane {
    final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    int unfinished;
  }
}
