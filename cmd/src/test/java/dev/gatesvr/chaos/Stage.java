package dev.gatesvr.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One round as its scenario sees it: the world, the dice, and a place for remarks. */
final class Stage {
  private static final Duration LEADER_TIMEOUT = Duration.ofSeconds(10);

  private final World world;
  private final Random random;
  private final List<String> notes = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();
  private final Node leader;
  private final Node follower;
  private long signalNanos;

  Stage(World world, Random random) {
    this.world = world;
    this.random = random;
    Node first = world.roles().primary();
    this.leader = first == null ? world.nodes().getFirst() : first;
    this.follower = world.other(leader);
    this.signalNanos = System.nanoTime();
  }

  World world() {
    return world;
  }

  /** Who led when the round began. */
  Node leader() {
    return leader;
  }

  /** Who stood by when the round began. */
  Node follower() {
    return follower;
  }

  int draw(int bound) {
    return random.nextInt(bound);
  }

  /** Lets time pass, a drawn number of milliseconds. */
  void pause(int fromMillis, int toMillis) {
    Patience.pause(fromMillis + random.nextInt(Math.max(1, toMillis - fromMillis)));
  }

  /** The fault comes now; what is measured is measured from here. */
  void signal() {
    signalNanos = System.nanoTime();
  }

  long signalNanos() {
    return signalNanos;
  }

  /** Waits until this one leads; a mistake when it does not. */
  void awaitLeader(Node node) {
    if (!Patience.holds(LEADER_TIMEOUT, () -> world.roles().primary() == node)) {
      mistakes.add(node.id() + " does not lead: " + world.roles().text());
    }
  }

  /** Waits until the pair is whole; a mistake when it does not come to be. */
  void awaitWhole() {
    if (!Patience.holds(Duration.ofSeconds(40), world.roles()::whole)) {
      mistakes.add("not whole: " + world.roles().text());
    }
  }

  /** A mistake when another one leads, or nobody does. */
  void mustLead(Node node) {
    @Nullable Node primary = world.roles().primary();
    if (primary != node) {
      mistakes.add(node.id() + " does not lead any more: " + world.roles().text());
    }
  }

  void mistake(String what) {
    mistakes.add(what);
  }

  /** Something to show that is neither good nor bad. */
  void note(String what) {
    notes.add(what);
  }

  List<String> notes() {
    return notes;
  }

  List<String> mistakes() {
    return mistakes;
  }
}
