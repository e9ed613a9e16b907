package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.http.Reply;
import java.util.List;

/** {@code /health}, {@code /live} and {@code /ready}. */
final class HealthPages {
  private final GatewayView view;
  private final PairView pair;

  HealthPages(GatewayView view, PairView pair) {
    this.view = view;
    this.pair = pair;
  }

  private record Health(
      String status,
      boolean accepting,
      double uptimeSeconds,
      long sessions,
      String timestamp,
      PairStatus.Role role) {}

  private record Live(String status) {}

  private record Ready(String status, List<String> zones, PairStatus.Role role) {}

  /**
   * @param primary the node that leads, empty when it is not known
   * @param primaryAddr where players reach it, empty when it is not known
   */
  private record NotReady(
      String status,
      String reason,
      List<String> zones,
      PairStatus.Role role,
      String primary,
      String primaryAddr) {}

  /** The process answers; one that is stopping, or a standby, is healthy all the same. */
  Reply health() {
    GatewayView.Totals totals = view.totals();
    return Json.reply(
        200,
        new Health(
            "healthy",
            view.accepting(),
            Json.rounded(totals.uptimeNanos() / 1e9),
            totals.sessions(),
            Json.time(System.currentTimeMillis()),
            pair.status().role()));
  }

  Reply live() {
    return Json.reply(200, new Live("alive"));
  }

  /** Whether players should be sent here: never to a standby, so that a load balancer follows. */
  Reply ready() {
    List<String> zones = view.servedZones();
    PairStatus now = pair.status();
    if (!view.accepting()) {
      return notReady("not accepting connections: starting or stopping", zones, now);
    }
    if (!now.serves()) {
      return notReady(notServing(now), zones, now);
    }
    if (zones.isEmpty()) {
      return notReady("no zone has an upstream", zones, now);
    }
    return Json.reply(200, new Ready("ready", zones, now.role()));
  }

  private static String notServing(PairStatus now) {
    return switch (now.role()) {
      case STANDBY -> "standby";
      case STARTING -> "starting: no leader is known yet";
      case CANDIDATE -> "candidate: the lead is being taken";
      case PRIMARY, SINGLE -> "primary, but " + Json.word(now.partner());
    };
  }

  private static Reply notReady(String reason, List<String> zones, PairStatus now) {
    return Json.reply(
        503,
        new NotReady(
            "not_ready", reason, zones, now.role(), now.leaderId(), now.leaderPlayerAddr()));
  }
}
