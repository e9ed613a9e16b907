package dev.gatesvr.gateway.pair;

import dev.gatesvr.gateway.admin.PairStatus;
import java.util.concurrent.TimeUnit;

/** What happened to this member of the pair so far. Confined to the pair's loop. */
final class History {
  private long failovers;
  private long switchovers;
  private double lastFailoverMillis;
  private long lastChangeMillis;
  private String lastChange = "";
  private long lostNanos;
  private boolean handedOver;

  /** The link to the primary is gone: from here on a failover counts. */
  void lostPrimary(long nowNanos) {
    if (lostNanos == 0) {
      lostNanos = nowNanos;
    }
  }

  void foundPrimary() {
    lostNanos = 0;
  }

  /** What follows is a switchover. */
  void handOver() {
    handedOver = true;
  }

  void serves(long nowNanos, boolean tookOver) {
    if (handedOver) {
      switchovers++;
    } else if (tookOver) {
      failovers++;
      lastFailoverMillis =
          lostNanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMicros(nowNanos - lostNanos) / 1e3;
    }
    handedOver = false;
    lostNanos = 0;
  }

  void gaveAway() {
    if (handedOver) {
      switchovers++;
    }
    handedOver = false;
  }

  void changed(String what, long nowMillis) {
    lastChange = what;
    lastChangeMillis = nowMillis;
  }

  PairStatus.History status() {
    return new PairStatus.History(
        failovers, switchovers, lastFailoverMillis, lastChangeMillis, lastChange);
  }
}
