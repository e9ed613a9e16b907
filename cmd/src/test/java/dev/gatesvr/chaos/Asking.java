package dev.gatesvr.chaos;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Lets every player ask in turn, while a round is under load. */
final class Asking implements AutoCloseable {
  private static final int SLOW_OF = 5;
  private static final int SLOW_MILLIS = 40;

  private final List<Player> players;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("chaos-asking").factory());
  private final Random random;
  private volatile String stream = "";
  private int next;

  Asking(List<Player> players, Plan plan) {
    this.players = players;
    this.random = new Random(plan.seed());
    long micros = Math.max(1_000, plan.requestMillis() * 1_000L / Math.max(1, plan.players()));
    var unused = clock.scheduleAtFixedRate(this::ask, micros, micros, TimeUnit.MICROSECONDS);
  }

  void begin(String name) {
    stream = name;
  }

  void end() {
    stream = "";
    // What the clock has begun is asked before the end returns.
    try {
      clock.submit(() -> {}).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void ask() {
    String name = stream;
    if (!name.isEmpty() && !players.isEmpty()) {
      next = (next + 1) % players.size();
      int millis = random.nextInt(SLOW_OF) == 0 ? random.nextInt(SLOW_MILLIS) : 0;
      players.get(next).ask(name, millis);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
