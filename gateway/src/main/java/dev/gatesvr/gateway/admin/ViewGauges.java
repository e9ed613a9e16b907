package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.metrics.GaugeFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The view's present state as Prometheus gauges, read when a scrape asks. */
final class ViewGauges {
  private final GatewayView view;

  ViewGauges(GatewayView view) {
    this.view = view;
  }

  List<GaugeFamily> read() {
    GatewayView.Totals totals = view.totals();
    OverloadConfig limits = view.limits();
    GatewayView.OfflineTotals offline = view.offline();
    List<String> served = view.servedZones();
    return List.of(
        gauge("gatesvr_active_connections", "Connections open now", totals.activeConnections()),
        gauge("gatesvr_session_count", "Sessions alive, attached or resumable", totals.sessions()),
        gauge(
            "gatesvr_message_queue_size",
            "Messages waiting or unacknowledged, over all sessions",
            totals.queuedMessages()),
        gauge("gatesvr_message_queue_bytes", "Bytes of those messages", totals.queuedBytes()),
        gauge(
            "gatesvr_upstream_in_flight", "Upstream calls running now", totals.upstreamInFlight()),
        gauge("gatesvr_qps", "BUSINESS requests per second over the window", totals.qps()),
        gauge(
            "gatesvr_accepting",
            "1 while listeners are bound and the gateway is not stopping",
            view.accepting() ? 1 : 0),
        gauge(
            "gatesvr_offline_players",
            "Players without a session for whom something is kept",
            offline.players()),
        gauge(
            "gatesvr_offline_messages",
            "Messages kept for players without a session",
            offline.messages()),
        gauge("gatesvr_offline_bytes", "Bytes of those messages", offline.bytes()),
        labelled(
            "gatesvr_session_dropped_total",
            "Droppable messages that became a gap, by reason",
            "reason",
            view.droppedMessages()),
        labelled(
            "gatesvr_connections",
            "Connections open now, by transport",
            "transport",
            view.connectionsByTransport()),
        labelled(
            "gatesvr_zone_distribution",
            "Sessions alive, by zone",
            "zone",
            byZone(view.sessionsByZone())),
        labelled(
            "gatesvr_zone_served",
            "1 for a zone with at least one upstream",
            "zone",
            byZone(ones(served))),
        labelled(
            "gatesvr_limit",
            "Where overload protection refuses",
            "resource",
            Map.of(
                "connections", limits.maxConnections(),
                "qps", limits.maxQps(),
                "upstream_concurrent", limits.maxUpstreamConcurrent())),
        labelled(
            "gatesvr_warning_threshold",
            "Where overload protection warns",
            "resource",
            Map.of(
                "connections", limits.connectionWarningThreshold(),
                "qps", limits.qpsWarningThreshold(),
                "upstream_concurrent", limits.upstreamWarningThreshold())));
  }

  /** Every zone, with 0 where the view says nothing, and nothing but zones. */
  private static Map<String, Integer> byZone(Map<String, Integer> values) {
    Map<String, Integer> all = new HashMap<>();
    GatewayMetrics.ZONES.forEach(zone -> all.put(zone, values.getOrDefault(zone, 0)));
    return all;
  }

  private static Map<String, Integer> ones(List<String> zones) {
    Map<String, Integer> ones = new HashMap<>();
    zones.forEach(zone -> ones.put(zone, 1));
    return ones;
  }

  private static GaugeFamily gauge(String name, String help, Number value) {
    return GaugeFamily.of(name, help, value.doubleValue());
  }

  private static GaugeFamily labelled(
      String name, String help, String label, Map<String, ? extends Number> values) {
    Map<String, Double> doubles = new HashMap<>();
    values.forEach((key, value) -> doubles.put(key, value.doubleValue()));
    return new GaugeFamily(name, help, label, doubles);
  }
}
