package dev.gatesvr.gateway.pair;

import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One upstream: a small model of the SDK's fence, result window and push lanes. */
final class SimUpstream {
  private static final long MILLI = 1_000_000;
  private static final int PUSH_TRIES_MAX = 12;

  /** A request as it arrives. */
  record Arrival(
      long session, int player, long seq, long settled, long attempted, long term, String name) {}

  /** What is answered. */
  sealed interface Answer {
    record Done(String text) implements Answer {}

    record Unknown() implements Answer {}

    record Fenced(long byTerm, boolean ran) implements Answer {}
  }

  private record Waiter(long term, Consumer<Answer> told) {}

  /** One request that arrived: its answer, or who waits for it. */
  private static final class Slot {
    @Nullable String answer;
    final List<Waiter> waiters = new ArrayList<>(1);
  }

  private static final class Kept {
    long floor;
    final TreeMap<Long, Slot> slots = new TreeMap<>();
  }

  private final PairWorld world;
  private final VirtualTime time;
  private final int host;
  private final Map<Long, Kept> sessions = new HashMap<>();
  private final int[] pushNumbers;
  SimProcess process;
  long incarnation;
  private long highestTerm;
  private int preferred;

  SimUpstream(PairWorld world, int host, int players) {
    this.world = world;
    this.time = world.time();
    this.host = host;
    this.pushNumbers = new int[players];
    this.process = new SimProcess(time, host);
    this.incarnation = world.nextIncarnation();
  }

  void begin() {
    for (int player = 0; player < pushNumbers.length; player++) {
      pushLater(player);
    }
  }

  void die() {
    process.die(false);
  }

  void restart() {
    if (process.dead()) {
      process = new SimProcess(time, host);
      incarnation = world.nextIncarnation();
      sessions.clear();
      highestTerm = 0;
      begin();
    }
  }

  // ---------------------------------------------------------------- requests

  /** True when the term is recorded; the higher one otherwise comes by {@link #highestTerm}. */
  boolean admits(long term) {
    if (term < highestTerm) {
      return false;
    }
    highestTerm = term;
    world.books().termAccepted(incarnation, term);
    return true;
  }

  long highestTerm() {
    return highestTerm;
  }

  void request(Arrival arrival, Consumer<Answer> told) {
    if (!admits(arrival.term)) {
      told.accept(new Answer.Fenced(highestTerm, false));
      return;
    }
    Kept kept = sessions.computeIfAbsent(arrival.session, s -> new Kept());
    Slot slot = kept.slots.get(arrival.seq);
    settle(kept, Math.min(arrival.settled, arrival.seq - 1));
    if (slot != null && slot.answer != null) {
      world.count("kept answer");
      told.accept(new Answer.Done(slot.answer));
    } else if (slot != null) {
      world.count("joined");
      slot.waiters.add(new Waiter(arrival.term, told));
    } else if (arrival.seq <= kept.floor
        || (arrival.attempted != 0 && arrival.attempted != incarnation)) {
      told.accept(new Answer.Unknown());
    } else {
      run(kept, arrival, told);
    }
  }

  private void settle(Kept kept, long upTo) {
    kept.slots.headMap(upTo, true).values().removeIf(slot -> slot.answer != null);
    kept.floor = Math.max(kept.floor, upTo);
  }

  private void run(Kept kept, Arrival arrival, Consumer<Answer> told) {
    Slot slot = new Slot();
    kept.slots.put(arrival.seq, slot);
    slot.waiters.add(new Waiter(arrival.term, told));
    String text = arrival.name + " in " + incarnation + " at " + arrival.term;
    world.books().runs(incarnation, arrival.term, arrival.session, arrival.seq, arrival.name, text);
    process.after(time.random().nextLong(15 * MILLI), () -> finish(slot, text));
  }

  private void finish(Slot slot, String text) {
    slot.answer = text;
    for (Waiter waiter : List.copyOf(slot.waiters)) {
      waiter.told.accept(
          waiter.term < highestTerm ? new Answer.Fenced(highestTerm, true) : new Answer.Done(text));
    }
    slot.waiters.clear();
  }

  // ---------------------------------------------------------------- pushes

  private void pushLater(int player) {
    process.after(
        time.random().nextLong(40 * MILLI),
        () -> {
          if (world.chaos()) {
            push(player);
          }
        });
  }

  /** One after the other for each player, so that they stay in order. */
  private void push(int player) {
    pushNumbers[player]++;
    String text = incarnation + ":" + player + ":" + pushNumbers[player];
    boolean droppable = time.oneIn(6);
    attempt(world.books().made(new SimBooks.Push(text, player, droppable, time.nowNanos())), 0);
  }

  private void attempt(SimBooks.Push push, int tries) {
    SimNode gateway = world.node(preferred);
    world
        .net()
        .call(
            process,
            gateway.process(),
            reply ->
                gateway.push(
                    push,
                    (verdict, term) -> reply.answer(() -> pushed(push, tries, verdict, term))),
            broken -> {
              preferred = 1 - preferred;
              if (broken == SimNet.Broken.NOT_SENT) {
                again(push, tries);
              } else {
                world.count("push unknown");
                pushLater(push.player);
              }
            });
  }

  private void again(SimBooks.Push push, int tries) {
    if (tries < PUSH_TRIES_MAX) {
      process.after(15 * MILLI, () -> attempt(push, tries + 1));
    } else {
      world.count("push given up");
      pushLater(push.player);
    }
  }

  private void pushed(SimBooks.Push push, int tries, SimNode.PushResult verdict, long term) {
    switch (verdict) {
      case NOT_PRIMARY -> {
        preferred = 1 - preferred;
        again(push, tries);
        return;
      }
      case ACCEPTED -> {
        if (term >= highestTerm) {
          push.acknowledged = true;
          world.count("push acknowledged");
        } else {
          world.count("push unknown");
        }
      }
      case REFUSED -> world.count("push refused");
      case UNKNOWN -> world.count("push unknown");
    }
    pushLater(push.player);
  }
}
