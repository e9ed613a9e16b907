package dev.gatesvr.gateway;

import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.overload.OverloadGuard.Resource;
import dev.gatesvr.gateway.overload.OverloadObserver;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts refusals and writes one line per resource and second at most. Thread-safe. */
final class OverloadLog implements OverloadObserver {
  private static final Logger log = LoggerFactory.getLogger(OverloadLog.class);

  private final GatewayMetrics metrics;
  private final Map<Resource, LogLimiter> refusals = new EnumMap<>(Resource.class);
  private final Map<Resource, LogLimiter> warnings = new EnumMap<>(Resource.class);

  OverloadLog(GatewayMetrics metrics, long nowNanos) {
    this.metrics = metrics;
    for (Resource resource : Resource.values()) {
      refusals.put(resource, new LogLimiter(nowNanos));
      warnings.put(resource, new LogLimiter(nowNanos));
    }
  }

  @Override
  public void refused(Resource resource) {
    String name = resource.name().toLowerCase(Locale.ROOT);
    metrics.refusal(name);
    LogLimiter limiter = refusals.get(resource);
    if (limiter != null && limiter.allow(System.nanoTime())) {
      log.warn(
          "overload: {} refused ({} more since the last line)", name, limiter.takeSuppressed());
    }
  }

  @Override
  public void warning(Resource resource, double value, double threshold, long nowNanos) {
    LogLimiter limiter = warnings.get(resource);
    if (limiter != null && limiter.allow(nowNanos)) {
      log.warn(
          "overload: {} at {} (warning threshold {})",
          resource.name().toLowerCase(Locale.ROOT),
          Math.round(value),
          Math.round(threshold));
    }
  }
}
