package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.GatewayView.UpstreamView;
import dev.gatesvr.gateway.admin.http.Reply;
import java.util.List;

/** {@code /stats/upstreams}: every registered instance and what its last GetStatus said. */
final class UpstreamsPage {
  private final GatewayView view;

  UpstreamsPage(GatewayView view) {
    this.view = view;
  }

  private record Upstreams(int total, List<UpstreamView> upstreams, String timestamp) {}

  Reply reply() {
    List<UpstreamView> upstreams = view.upstreams();
    return Json.reply(
        200, new Upstreams(upstreams.size(), upstreams, Json.time(System.currentTimeMillis())));
  }
}
