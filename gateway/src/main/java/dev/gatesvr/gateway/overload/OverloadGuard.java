package dev.gatesvr.gateway.overload;

import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.session.Refusal;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Admits connections and requests within {@link OverloadConfig}. Thread-safe; shared by all shards.
 * Every admission is given back exactly once by its {@code ...Closed} or {@code ...Finished}.
 */
public final class OverloadGuard {
  /** What is limited; names refusals and warnings. */
  public enum Resource {
    CONNECTIONS,
    QPS,
    UPSTREAM
  }

  private static final int RETRY_QPS_MILLIS = 1_000;
  private static final int RETRY_UPSTREAM_MILLIS = 200;
  private static final int RETRY_STOPPING_MILLIS = 1_000;

  private final OverloadConfig config;
  private final OverloadObserver observer;
  private final SlidingWindow requests;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger upstreamCalls = new AtomicInteger();
  private volatile boolean stopping;

  public OverloadGuard(OverloadConfig config, OverloadObserver observer, long nowNanos) {
    this.config = config;
    this.observer = observer;
    this.requests = new SlidingWindow(config.qpsWindowSeconds(), nowNanos);
  }

  /** Counts one more connection, or refuses it. */
  public boolean tryOpenConnection(long nowNanos) {
    if (!tryTake(connections, config.maxConnections())) {
      observer.refused(Resource.CONNECTIONS);
      return false;
    }
    warn(Resource.CONNECTIONS, connections.get(), config.connectionWarningThreshold(), nowNanos);
    return true;
  }

  public void connectionClosed() {
    connections.decrementAndGet();
  }

  /**
   * Counts one more BUSINESS request and the upstream call it will make.
   *
   * @return why not, or null; then {@link #requestFinished} must follow
   */
  public @Nullable Refusal admitRequest(long nowNanos) {
    if (stopping) {
      return new Refusal(ErrorCode.UNAVAILABLE, "the gateway is stopping", RETRY_STOPPING_MILLIS);
    }
    if (!tryTake(upstreamCalls, config.maxUpstreamConcurrent())) {
      observer.refused(Resource.UPSTREAM);
      return new Refusal(
          ErrorCode.UNAVAILABLE, "too many upstream calls in flight", RETRY_UPSTREAM_MILLIS);
    }
    long perWindow =
        config.enabled() ? (long) config.maxQps() * config.qpsWindowSeconds() : Long.MAX_VALUE;
    if (!requests.tryAdd(nowNanos, perWindow)) {
      upstreamCalls.decrementAndGet();
      observer.refused(Resource.QPS);
      return new Refusal(ErrorCode.UNAVAILABLE, "too many requests per second", RETRY_QPS_MILLIS);
    }
    warn(Resource.UPSTREAM, upstreamCalls.get(), config.upstreamWarningThreshold(), nowNanos);
    warn(Resource.QPS, requests.perSecond(nowNanos), config.qpsWarningThreshold(), nowNanos);
    return null;
  }

  /** Requests that another gateway admitted, and that run here now. */
  public void requestsAdopted(int count) {
    upstreamCalls.addAndGet(count);
  }

  public void requestFinished() {
    upstreamCalls.decrementAndGet();
  }

  /** Refuses every new request from now on; those running go on. */
  public void stop() {
    stopping = true;
  }

  public boolean stopping() {
    return stopping;
  }

  public int connections() {
    return connections.get();
  }

  /** Requests admitted and not yet finished. */
  public int upstreamCalls() {
    return upstreamCalls.get();
  }

  public double qps(long nowNanos) {
    return requests.perSecond(nowNanos);
  }

  private boolean tryTake(AtomicInteger counter, int max) {
    int taken = counter.incrementAndGet();
    if (config.enabled() && taken > max) {
      counter.decrementAndGet();
      return false;
    }
    return true;
  }

  private void warn(Resource resource, double value, double threshold, long nowNanos) {
    if (config.enabled() && value >= threshold) {
      observer.warning(resource, value, threshold, nowNanos);
    }
  }
}
