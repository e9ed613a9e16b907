package dev.gatesvr.cmd.demo.pair;

import dev.gatesvr.upstream.service.Gateways;
import dev.gatesvr.upstream.service.Notice;
import dev.gatesvr.upstream.service.PushResult;
import java.util.BitSet;

/**
 * A zone's side of one player: pushes the next number when told, and keeps the ledger. Thread-safe.
 */
final class Feed {
  /** Several times what a run issues; then the feed is silent. */
  static final int PUSHES_MAX = 10_000;

  static final String TYPE = "number";

  private final String openid;
  private final Gateways gateways;
  private final BitSet acknowledged = new BitSet();
  private final BitSet unknown = new BitSet();
  private final BitSet ran = new BitSet();
  private int pushed;
  private int settled;
  private int ranAgain;
  private boolean stopped;

  Feed(String openid, Gateways gateways) {
    this.openid = openid;
    this.gateways = gateways;
  }

  /** Pushes the next number, unless it was stopped. */
  void push() {
    int number;
    synchronized (this) {
      if (stopped || pushed == PUSHES_MAX) {
        return;
      }
      number = ++pushed;
    }
    var unused =
        gateways
            .pushToPlayer(openid, Notice.of(TYPE, "", Integer.toString(number)))
            .thenAccept(result -> settle(number, result));
  }

  private synchronized void settle(int number, PushResult result) {
    settled++;
    if (result.accepted()) {
      acknowledged.set(number);
    } else if (result.outcome() == PushResult.Outcome.UNKNOWN) {
      unknown.set(number);
    }
    notifyAll();
  }

  /** A request ran. */
  synchronized void ran(int number) {
    if (ran.get(number)) {
      ranAgain++;
    }
    ran.set(number);
  }

  /** Pushes no more, and waits for the outcome of what it pushed. */
  synchronized Ledger stop(long deadlineNanos) throws InterruptedException {
    stopped = true;
    while (settled < pushed) {
      long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new IllegalStateException(pushed - settled + " pushes never had an outcome");
      }
      wait(leftMillis);
    }
    return new Ledger(pushed, acknowledged, unknown, ran, ranAgain);
  }
}
