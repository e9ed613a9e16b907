package dev.gatesvr.gateway;

import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.offline.OfflineObserver;

/** Counts what leaves the offline store without reaching a player. */
record OfflineCounts(GatewayMetrics metrics) implements OfflineObserver {
  @Override
  public void expired(int messages) {
    metrics.offlineRemoved("expired", messages);
  }

  @Override
  public void dropped(int messages) {
    metrics.offlineRemoved("dropped", messages);
  }

  @Override
  public void replaced(int messages) {
    metrics.offlineRemoved("replaced", messages);
  }
}
