package dev.gatesvr.backup.register;

/** A set of pairs of longs, 16 bytes each. The pair (0, 0) is kept apart. */
final class PairSet {
  private long[] table = new long[1 << 12];
  private int size;
  private boolean hasZero;

  /** True when it was not there. */
  boolean add(long first, long second) {
    if (first == 0 && second == 0) {
      boolean added = !hasZero;
      hasZero = true;
      return added;
    }
    if (4L * size >= table.length) {
      grow();
    }
    if (!put(first, second)) {
      return false;
    }
    size++;
    return true;
  }

  int size() {
    return hasZero ? size + 1 : size;
  }

  private boolean put(long first, long second) {
    int mask = table.length / 2 - 1;
    int at = slot(first, second) & mask;
    while (table[2 * at] != 0 || table[2 * at + 1] != 0) {
      if (table[2 * at] == first && table[2 * at + 1] == second) {
        return false;
      }
      at = (at + 1) & mask;
    }
    table[2 * at] = first;
    table[2 * at + 1] = second;
    return true;
  }

  private static int slot(long first, long second) {
    long mixed = (first * 0x9e3779b97f4a7c15L + second) * 0xbf58476d1ce4e5b9L;
    return (int) (mixed >>> 32);
  }

  private void grow() {
    long[] old = table;
    table = new long[2 * old.length];
    for (int at = 0; at < old.length; at += 2) {
      if (old[at] != 0 || old[at + 1] != 0) {
        put(old[at], old[at + 1]);
      }
    }
  }
}
