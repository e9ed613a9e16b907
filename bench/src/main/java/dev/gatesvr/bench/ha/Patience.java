package dev.gatesvr.bench.ha;

import java.io.IOException;
import java.time.Duration;

/** Waiting with an end. */
final class Patience {
  private static final long POLL_MILLIS = 10;

  private Patience() {}

  /** Something that becomes true. */
  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  /**
   * Waits until it holds.
   *
   * @param what for the message when it does not
   */
  static void await(Duration atMost, String what, Condition condition)
      throws IOException, InterruptedException {
    if (!awaited(atMost, condition)) {
      throw new IOException(what + ": not within " + atMost.toSeconds() + " s");
    }
  }

  /** False when it does not come to hold. */
  static boolean awaited(Duration atMost, Condition condition)
      throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - startNanos > atMost.toNanos()) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }
}
