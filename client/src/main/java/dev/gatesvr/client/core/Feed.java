package dev.gatesvr.client.core;

/**
 * The way to the application, with a bound: while too much waits there, nothing more is read from
 * the connection, and none is made.
 */
final class Feed {
  private final ClientOutput out;
  private final int waitingMax;
  private int waiting;
  private boolean attached;
  private boolean paused;

  /**
   * @param waitingMax handed over and not handled; a connection's buffer may come on top
   */
  Feed(ClientOutput out, int waitingMax) {
    this.out = out;
    this.waitingMax = waitingMax;
  }

  void deliver(Inbound inbound) {
    waiting++;
    out.deliver(inbound);
    pauseWhenFull();
  }

  /** The application returned from {@code count} more things. */
  void handled(int count) {
    waiting -= count;
    if (paused && waiting <= waitingMax / 2) {
      paused = false;
      out.reading(true);
    }
  }

  /** A session is there: from now on the connection may be paused. */
  void attached() {
    attached = true;
    pauseWhenFull();
  }

  /** The connection is gone; the next one reads until it is paused. */
  void detached() {
    attached = false;
    paused = false;
  }

  private void pauseWhenFull() {
    if (attached && !paused && full()) {
      paused = true;
      out.reading(false);
    }
  }

  boolean full() {
    return waiting >= waitingMax;
  }

  boolean paused() {
    return paused;
  }

  /** Handed over and not handled. */
  int waiting() {
    return waiting;
  }
}
