package dev.gatesvr.gateway.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gatesvr.gateway.admin.http.Reply;
import dev.gatesvr.gateway.metrics.Stage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * {@code /performance}: rates, service times by stage in microseconds since the start, and the
 * state of the process.
 */
final class PerformancePage {
  private static final double NANOS_PER_MICRO = 1e3;

  private final GatewayView view;

  PerformancePage(GatewayView view) {
    this.view = view;
  }

  private record Performance(
      String timestamp,
      BasicStats basicStats,
      Map<String, Latency> latency,
      Queues queues,
      ProcessState.Memory memory,
      Map<String, ProcessState.Collector> gc,
      ProcessState.Threads threads) {}

  private record BasicStats(
      double uptimeSeconds,
      long totalConnections,
      long activeConnections,
      long totalRequests,
      long totalErrors,
      double qps,
      double successRate) {}

  private record Latency(
      long count,
      @JsonProperty("mean_us") double mean,
      @JsonProperty("p50_us") double p50,
      @JsonProperty("p90_us") double p90,
      @JsonProperty("p95_us") double p95,
      @JsonProperty("p99_us") double p99,
      @JsonProperty("p99_9_us") double p999,
      @JsonProperty("max_us") double max) {

    static Latency of(Histogram histogram) {
      return new Latency(
          histogram.getTotalCount(),
          Json.rounded(histogram.getMean() / NANOS_PER_MICRO),
          micros(histogram, 50),
          micros(histogram, 90),
          micros(histogram, 95),
          micros(histogram, 99),
          micros(histogram, 99.9),
          micros(histogram, 100));
    }

    private static double micros(Histogram histogram, double percentile) {
      return Json.rounded(histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO);
    }
  }

  private record Queues(long queuedMessages, long queuedBytes, long upstreamInFlight) {}

  Reply reply() {
    GatewayView.Totals totals = view.totals();
    return Json.reply(
        200,
        new Performance(
            Json.time(System.currentTimeMillis()),
            basicStats(totals),
            latencies(),
            new Queues(totals.queuedMessages(), totals.queuedBytes(), totals.upstreamInFlight()),
            ProcessState.memory(),
            ProcessState.collectors(),
            ProcessState.threads()));
  }

  private static BasicStats basicStats(GatewayView.Totals totals) {
    long requests = totals.requests();
    double successRate = requests == 0 ? 1 : 1 - (double) totals.errors() / requests;
    return new BasicStats(
        Json.rounded(totals.uptimeNanos() / 1e9),
        totals.totalConnections(),
        totals.activeConnections(),
        requests,
        totals.errors(),
        Json.rounded(totals.qps()),
        Math.round(Math.max(0, successRate) * 1e6) / 1e6);
  }

  private Map<String, Latency> latencies() {
    Map<Stage, Histogram> histograms = view.latencies();
    Map<String, Latency> byStage = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      Histogram histogram = histograms.get(stage);
      if (histogram != null) {
        byStage.put(stage.name().toLowerCase(Locale.ROOT), Latency.of(histogram));
      }
    }
    return byStage;
  }
}
