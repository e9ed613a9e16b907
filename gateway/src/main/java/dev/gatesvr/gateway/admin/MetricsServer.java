package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.http.HttpLimits;
import dev.gatesvr.gateway.admin.http.HttpListener;
import dev.gatesvr.gateway.admin.http.Page;
import dev.gatesvr.gateway.admin.http.Reply;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The port that Prometheus scrapes: {@code /metrics} in the text format. Thread-safe; runs on the
 * thread {@code metrics-0}.
 */
public final class MetricsServer implements AutoCloseable {
  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpListener listener;

  private MetricsServer(HttpListener listener) {
    this.listener = listener;
  }

  /**
   * Binds and serves.
   *
   * @throws IOException when the address cannot be bound, saying which
   */
  public static MetricsServer start(
      InetSocketAddress bind, GatewayMetrics metrics, GatewayView view, PairView pair)
      throws IOException {
    ViewGauges gauges = new ViewGauges(view);
    PairGauges pairGauges = new PairGauges(pair);
    Page page =
        request ->
            CompletableFuture.completedStage(
                Reply.text(
                    200,
                    TEXT_FORMAT,
                    metrics.text(
                        Stream.concat(gauges.read().stream(), pairGauges.read().stream())
                            .toList())));
    return new MetricsServer(
        HttpListener.start("metrics-0", bind, Map.of("/metrics", page), HttpLimits.defaults()));
  }

  /** The address that was bound, with the real port where 0 was asked for. */
  public InetSocketAddress localAddress() {
    return listener.localAddress();
  }

  /** Closes the port and every connection. Waits for the thread. */
  @Override
  public void close() {
    listener.close();
  }
}
