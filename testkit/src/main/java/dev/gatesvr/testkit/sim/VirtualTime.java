package dev.gatesvr.testkit.sim;

import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until the next event, and the events. Equal times run in the order they
 * were scheduled. Not thread-safe.
 */
public final class VirtualTime {
  private record Event(long atNanos, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Random random;
  private long nowNanos;
  private long order;
  private long ran;

  /** A clock that starts at a time below zero, as a monotonic clock may. */
  public VirtualTime(long seed) {
    // Spread: the first draws of java.util.Random hardly differ between neighbouring seeds.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    nowNanos = -1_000_000_000L;
  }

  public Random random() {
    return random;
  }

  public long nowNanos() {
    return nowNanos;
  }

  /** True once in {@code n} times. */
  public boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** Runs the action at a time, or as the next thing when that has passed. */
  public void at(long atNanos, Runnable action) {
    events.add(new Event(Math.max(atNanos, nowNanos), order++, action));
  }

  /** Runs the action after a wait. */
  public void after(long nanos, Runnable action) {
    at(nowNanos + nanos, action);
  }

  /** Makes everything that is due within the time late. */
  public void jump(long nanos) {
    nowNanos += nanos;
  }

  /** Runs the next event; false when there is none. */
  public boolean step() {
    @Nullable Event next = events.poll();
    if (next == null) {
      return false;
    }
    nowNanos = Math.max(nowNanos, next.atNanos);
    ran++;
    next.action.run();
    return true;
  }

  /** Events run so far. */
  public long ran() {
    return ran;
  }
}
