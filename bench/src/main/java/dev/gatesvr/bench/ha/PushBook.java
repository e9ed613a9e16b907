package dev.gatesvr.bench.ha;

import java.util.BitSet;

/** The numbered pushes to one player: what was promised, and what came. Thread-safe. */
final class PushBook {
  private final BitSet accepted = new BitSet();
  private final BitSet received = new BitSet();
  private int issued;
  private int newest;
  private long duplicates;
  private long reordered;
  private String newestFault = "";

  /** The number of the next push: 1, 2, 3 and so on. */
  synchronized int next() {
    issued++;
    return issued;
  }

  /** A gateway promised to deliver it. */
  synchronized void onAccepted(int number) {
    accepted.set(number);
  }

  /** It came. */
  synchronized void onReceived(int number) {
    if (received.get(number)) {
      duplicates++;
      newestFault = "push " + number + " came twice, the newest was " + newest;
    } else {
      received.set(number);
      if (number < newest) {
        reordered++;
        newestFault = "push " + number + " (" + word(number) + ") came after " + newest;
      }
      newest = Math.max(newest, number);
    }
  }

  private String word(int number) {
    return accepted.get(number) ? "acknowledged" : "not acknowledged yet";
  }

  /** What went wrong last, for people; empty when nothing did. */
  synchronized String newestFault() {
    BitSet open = (BitSet) accepted.clone();
    open.andNot(received);
    return open.isEmpty() ? newestFault : "missing: " + open;
  }

  /** Promised and not there, so far. */
  synchronized int missing() {
    BitSet open = (BitSet) accepted.clone();
    open.andNot(received);
    return open.cardinality();
  }

  synchronized Faults faults() {
    return new Faults(missing(), duplicates, reordered, 0);
  }
}
