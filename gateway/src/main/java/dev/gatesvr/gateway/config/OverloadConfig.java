package dev.gatesvr.gateway.config;

import java.time.Duration;

/** When new work is refused, and when an operator is warned before that. */
public record OverloadConfig(
    @Describe("false admits everything (the other bounds of this product still hold)")
        boolean enabled,
    @Describe("connections open at once") int maxConnections,
    @Describe("connections from which a warning is logged and exported")
        int connectionWarningThreshold,
    @Describe("BUSINESS requests per second, averaged over the window") int maxQps,
    @Describe("requests per second from which a warning is logged and exported")
        int qpsWarningThreshold,
    @Describe("length of the sliding window") int qpsWindowSeconds,
    @Describe("upstream calls in flight, held until each completes") int maxUpstreamConcurrent,
    @Describe("calls in flight from which a warning is logged and exported")
        int upstreamWarningThreshold,
    @Describe("the deadline of one upstream call") Duration upstreamTimeout) {

  public OverloadConfig {
    Checks.range("overload_protection.max_connections", maxConnections, 1, 10_000_000);
    Checks.range(
        "overload_protection.connection_warning_threshold",
        connectionWarningThreshold,
        1,
        maxConnections);
    Checks.range("overload_protection.max_qps", maxQps, 1, 100_000_000);
    Checks.range("overload_protection.qps_warning_threshold", qpsWarningThreshold, 1, maxQps);
    Checks.range("overload_protection.qps_window_seconds", qpsWindowSeconds, 1, 300);
    Checks.range(
        "overload_protection.max_upstream_concurrent", maxUpstreamConcurrent, 1, 10_000_000);
    Checks.range(
        "overload_protection.upstream_warning_threshold",
        upstreamWarningThreshold,
        1,
        maxUpstreamConcurrent);
    Checks.range(
        "overload_protection.upstream_timeout",
        upstreamTimeout,
        Duration.ofMillis(1),
        Duration.ofMinutes(10));
  }

  public static OverloadConfig defaults() {
    return new OverloadConfig(true, 1_000, 800, 2_000, 1_600, 10, 100, 80, Duration.ofSeconds(30));
  }
}
