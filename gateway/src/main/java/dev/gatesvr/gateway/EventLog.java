package dev.gatesvr.gateway;

import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.shard.Troubles;
import dev.gatesvr.upstream.grpc.UpstreamFailure;
import dev.gatesvr.upstream.route.ZoneId;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what goes wrong and writes one line per kind and second at most. Thread-safe. */
final class EventLog implements Troubles {
  private static final Logger log = LoggerFactory.getLogger(EventLog.class);

  private final GatewayMetrics metrics;
  private final LogLimiter protocol;
  private final LogLimiter observers;
  private final Map<ZoneId, LogLimiter> zones = new EnumMap<>(ZoneId.class);

  EventLog(GatewayMetrics metrics, long nowNanos) {
    this.metrics = metrics;
    this.protocol = new LogLimiter(nowNanos);
    this.observers = new LogLimiter(nowNanos);
    for (ZoneId zone : ZoneId.values()) {
      zones.put(zone, new LogLimiter(nowNanos));
    }
  }

  @Override
  public void protocolError(String kind, SocketAddress remote) {
    metrics.protocolError(kind);
    if (protocol.allow(System.nanoTime())) {
      log.warn("player {}: {}; {} more like it", remote, kind, protocol.takeSuppressed());
    }
  }

  @Override
  public void upstreamFailed(ZoneId zone, UpstreamFailure failure, String detail) {
    String line = "zone " + zone + ": " + failure + ": " + detail;
    metrics.error(line);
    LogLimiter limiter = zones.get(zone);
    if (limiter != null && limiter.allow(System.nanoTime())) {
      log.warn("{}; {} more in this zone", line, limiter.takeSuppressed());
    }
  }

  @Override
  public void observerFailed(String event, RuntimeException failure) {
    metrics.observerFailed(event);
    if (observers.allow(System.nanoTime())) {
      log.error(
          "a session observer failed in {}; {} more failures since the last line",
          event,
          observers.takeSuppressed(),
          failure);
    }
  }
}
