package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.http.Reply;
import dev.gatesvr.gateway.config.OverloadConfig;
import java.util.Map;
import java.util.TreeMap;

/** {@code /stats/connections}: connections by transport, sessions by zone, and their limits. */
final class ConnectionsPage {
  private final GatewayView view;

  ConnectionsPage(GatewayView view) {
    this.view = view;
  }

  private record Connections(
      long activeConnections,
      long totalConnections,
      long refusedConnections,
      Map<String, Integer> byTransport,
      long totalSessions,
      Map<String, Integer> sessionsByZone,
      Load load,
      String timestamp) {}

  private record Load(
      boolean protectionEnabled, Level connections, Level qps, Level upstreamConcurrent) {}

  private record Level(Number current, long warningThreshold, long max) {}

  Reply reply() {
    GatewayView.Totals totals = view.totals();
    OverloadConfig limits = view.limits();
    return Json.reply(
        200,
        new Connections(
            totals.activeConnections(),
            totals.totalConnections(),
            totals.refusedConnections(),
            new TreeMap<>(view.connectionsByTransport()),
            totals.sessions(),
            new TreeMap<>(view.sessionsByZone()),
            load(totals, limits),
            Json.time(System.currentTimeMillis())));
  }

  private static Load load(GatewayView.Totals totals, OverloadConfig limits) {
    return new Load(
        limits.enabled(),
        new Level(
            totals.activeConnections(),
            limits.connectionWarningThreshold(),
            limits.maxConnections()),
        new Level(Json.rounded(totals.qps()), limits.qpsWarningThreshold(), limits.maxQps()),
        new Level(
            totals.upstreamInFlight(),
            limits.upstreamWarningThreshold(),
            limits.maxUpstreamConcurrent()));
  }
}
