package dev.gatesvr.gateway.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A hashed timing wheel (Varghese and Lauck, 1987): O(1) to set, move and clear a deadline, and one
 * entry costs no object of its own. Deadlines fire up to one tick late, never early. Not
 * thread-safe; confined to its shard. Time is an argument.
 */
final class DeadlineWheel {
  /** Coarse on purpose: these are timeouts of seconds and minutes. */
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int SLOTS = 1 << 10;

  private final @Nullable Entry[] slots = new @Nullable Entry[SLOTS];
  private final List<Entry> due = new ArrayList<>();
  private long nextTick;
  private int size;

  DeadlineWheel(long nowNanos) {
    this.nextTick = tickOf(nowNanos);
  }

  /** Something with one deadline. Subclasses are set in at most one wheel. */
  abstract static class Entry {
    private @Nullable Entry previous;
    private @Nullable Entry next;
    private long dueTick;
    private boolean set;

    /** Collected by the turn under way; setting or clearing it meanwhile takes it out. */
    private boolean firing;

    /** The deadline has passed; it is no longer set. */
    abstract void onDue(long nowNanos);
  }

  /** Sets or moves the deadline of {@code entry}. */
  void set(Entry entry, long deadlineNanos) {
    long due = Math.max(tickOf(deadlineNanos) + 1, nextTick);
    if (entry.set && entry.dueTick == due) {
      return;
    }
    clear(entry);
    entry.dueTick = due;
    entry.set = true;
    int slot = slot(due);
    Entry head = slots[slot];
    entry.next = head;
    if (head != null) {
      head.previous = entry;
    }
    slots[slot] = entry;
    size++;
  }

  /** Forgets the deadline of {@code entry}, if it has one. */
  void clear(Entry entry) {
    entry.firing = false;
    if (!entry.set) {
      return;
    }
    if (entry.previous == null) {
      slots[slot(entry.dueTick)] = entry.next;
    } else {
      entry.previous.next = entry.next;
    }
    if (entry.next != null) {
      entry.next.previous = entry.previous;
    }
    entry.previous = null;
    entry.next = null;
    entry.set = false;
    size--;
  }

  /** Fires everything due by {@code nowNanos}. Entries may set themselves again meanwhile. */
  void advance(long nowNanos) {
    long now = tickOf(nowNanos);
    // After a long pause one turn of the wheel visits everything.
    long first = Math.max(nextTick, now - SLOTS + 1);
    nextTick = now + 1;
    for (long tick = first; tick <= now; tick++) {
      collectDue(slot(tick), now);
    }
    for (int i = 0; i < due.size(); i++) {
      Entry entry = due.get(i);
      if (entry.firing) {
        entry.firing = false;
        entry.onDue(nowNanos);
      }
    }
    due.clear();
  }

  /** Deadlines set. */
  int size() {
    return size;
  }

  private void collectDue(int slot, long now) {
    Entry entry = slots[slot];
    while (entry != null) {
      Entry following = entry.next;
      if (entry.dueTick <= now) {
        clear(entry);
        entry.firing = true;
        due.add(entry);
      }
      entry = following;
    }
  }

  private static long tickOf(long nanos) {
    return Math.floorDiv(nanos, TICK_NANOS);
  }

  private static int slot(long tick) {
    return (int) (tick & (SLOTS - 1));
  }
}
