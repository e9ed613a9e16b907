package dev.gatesvr.cmd.monitor;

import dev.gatesvr.gateway.admin.GatewayView;
import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.metrics.Stage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/** A gateway whose second is over at each look: 100 requests, 300 frames in, 10,240 bytes in. */
final class BusyView implements GatewayView {
  private final GatewayMetrics metrics = new GatewayMetrics();
  private final AtomicLong looks = new AtomicLong();

  BusyView() {
    metrics.forShard(0).record(Stage.UPSTREAM, 1_234_000);
  }

  /** Three pages of one sample ask for the totals, and the next sample is a second later. */
  @Override
  public Totals totals() {
    long second = looks.getAndIncrement() / 3;
    return new Totals(
        900,
        1_000 + second,
        3,
        2,
        300 * second,
        0,
        10_240 * second,
        0,
        100 * second,
        second,
        7,
        2_048,
        4,
        12.5,
        1_700_000_000_000L,
        (3_661 + second) * 1_000_000_000L,
        "upstream \u001b[31m004");
  }

  @Override
  public Map<Stage, Histogram> latencies() {
    return metrics.latencies();
  }

  @Override
  public List<String> servedZones() {
    return List.of("001", "004");
  }

  @Override
  public boolean accepting() {
    return true;
  }

  @Override
  public CompletionStage<SessionPage> sessions(int offset, int limit) {
    SessionView session =
        new SessionView(
            "s-1",
            "evil\u001b[2Jplayer",
            "003",
            1L,
            2L,
            6,
            "203.0.113.7:4711",
            "quic",
            5,
            11,
            9,
            2);
    return CompletableFuture.completedStage(new SessionPage(2, List.of(session)));
  }

  @Override
  public Map<String, Integer> connectionsByTransport() {
    return Map.of("quic", 900);
  }

  @Override
  public Map<String, Integer> sessionsByZone() {
    return Map.of("003", 2);
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
