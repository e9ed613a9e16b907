package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.metrics.Stage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** A gateway with made-up sessions and settable state. */
final class FakeView implements GatewayView {
  final GatewayMetrics metrics = new GatewayMetrics();
  volatile boolean accepting = true;
  volatile List<String> zones = List.of("001", "004");
  volatile int sessionCount;

  FakeView(int sessionCount) {
    this.sessionCount = sessionCount;
  }

  static SessionView session(int index) {
    return new SessionView(
        "session-" + index,
        "player-" + index,
        "003",
        1_700_000_000_000L,
        1_700_000_001_500L,
        2,
        "203.0.113.7:4711",
        "quic",
        5,
        11,
        9,
        2);
  }

  @Override
  public Totals totals() {
    return new Totals(
        17,
        42,
        3,
        sessionCount,
        100,
        200,
        3_000,
        4_000,
        50,
        5,
        7,
        700,
        4,
        12.5,
        1_700_000_000_000L,
        90_500_000_000L,
        "upstream 004: \"refused\"");
  }

  @Override
  public Map<Stage, Histogram> latencies() {
    return metrics.latencies();
  }

  @Override
  public List<String> servedZones() {
    return zones;
  }

  @Override
  public boolean accepting() {
    return accepting;
  }

  @Override
  public CompletionStage<SessionPage> sessions(int offset, int limit) {
    int end = Math.min(sessionCount, offset + limit);
    List<SessionView> page = IntStream.range(offset, end).mapToObj(FakeView::session).toList();
    return CompletableFuture.supplyAsync(() -> new SessionPage(sessionCount, page));
  }

  @Override
  public Map<String, Integer> connectionsByTransport() {
    return Map.of("quic", 15, "tcp", 2);
  }

  @Override
  public Map<String, Integer> sessionsByZone() {
    return Map.of("003", sessionCount);
  }

  @Override
  public OverloadConfig limits() {
    return OverloadConfig.defaults();
  }

  @Override
  public List<UpstreamView> upstreams() {
    return List.of(new UpstreamView("003", "127.0.0.1:9003", "demo", 1, "healthy", 7, ""));
  }
}
