package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.http.Reply;
import java.util.List;

/** {@code /health}, {@code /live} and {@code /ready}. */
final class HealthPages {
  private final GatewayView view;

  HealthPages(GatewayView view) {
    this.view = view;
  }

  private record Health(
      String status, boolean accepting, double uptimeSeconds, long sessions, String timestamp) {}

  private record Live(String status) {}

  private record Ready(String status, List<String> zones) {}

  private record NotReady(String status, String reason, List<String> zones) {}

  /** The process answers; a gateway that is stopping is still healthy. */
  Reply health() {
    GatewayView.Totals totals = view.totals();
    return Json.reply(
        200,
        new Health(
            "healthy",
            view.accepting(),
            Json.rounded(totals.uptimeNanos() / 1e9),
            totals.sessions(),
            Json.time(System.currentTimeMillis())));
  }

  Reply live() {
    return Json.reply(200, new Live("alive"));
  }

  /** Whether players should be sent here. */
  Reply ready() {
    List<String> zones = view.servedZones();
    if (!view.accepting()) {
      return notReady("not accepting connections: starting or stopping", zones);
    }
    if (zones.isEmpty()) {
      return notReady("no zone has an upstream", zones);
    }
    return Json.reply(200, new Ready("ready", zones));
  }

  private static Reply notReady(String reason, List<String> zones) {
    return Json.reply(503, new NotReady("not_ready", reason, zones));
  }
}
