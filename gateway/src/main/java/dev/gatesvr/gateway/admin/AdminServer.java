package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.http.HttpLimits;
import dev.gatesvr.gateway.admin.http.HttpListener;
import dev.gatesvr.gateway.admin.http.Page;
import dev.gatesvr.gateway.admin.http.Reply;
import dev.gatesvr.gateway.admin.pprof.PprofPages;
import dev.gatesvr.gateway.config.AdminConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The operators' HTTP port: health, statistics, sessions, the pair, service times and profiling.
 * Thread-safe; runs on the threads {@code admin-0} and {@code admin-worker-0}, never on a player's.
 */
public final class AdminServer implements AutoCloseable {
  private final HttpListener listener;
  private final PprofPages pprof;

  private AdminServer(HttpListener listener, PprofPages pprof) {
    this.listener = listener;
    this.pprof = pprof;
  }

  /**
   * Binds and serves.
   *
   * @throws IOException when the address cannot be bound, saying which
   */
  public static AdminServer start(
      InetSocketAddress bind,
      GatewayView view,
      SessionAdmin sessions,
      PairView pair,
      AdminConfig config)
      throws IOException {
    SessionsPage page = new SessionsPage(sessions, new AdminAccess(config.token()));
    return start(bind, view, pair, config, Map.of("/sessions", page, "/sessions/*", page));
  }

  /** The same without the pages about single sessions. */
  public static AdminServer start(
      InetSocketAddress bind, GatewayView view, PairView pair, AdminConfig config)
      throws IOException {
    return start(bind, view, pair, config, Map.of());
  }

  private static AdminServer start(
      InetSocketAddress bind,
      GatewayView view,
      PairView pair,
      AdminConfig config,
      Map<String, Page> more)
      throws IOException {
    PprofPages pprof = new PprofPages(config.pprofRemote());
    Map<String, Page> pages = new HashMap<>(pprof.pages());
    HealthPages health = new HealthPages(view, pair);
    pages.put("/health", now(health::health));
    pages.put("/live", now(health::live));
    pages.put("/ready", now(health::ready));
    pages.put("/stats", new StatsPage(view));
    pages.put("/stats/connections", now(new ConnectionsPage(view)::reply));
    pages.put("/stats/upstreams", now(new UpstreamsPage(view)::reply));
    pages.put("/performance", now(new PerformancePage(view)::reply));
    pages.putAll(new BackupPages(pair, new AdminAccess(config.token())).pages());
    pages.putAll(more);
    try {
      return new AdminServer(
          HttpListener.start("admin-0", bind, pages, HttpLimits.defaults()), pprof);
    } catch (IOException e) {
      pprof.close();
      throw e;
    }
  }

  /** The address that was bound, with the real port where 0 was asked for. */
  public InetSocketAddress localAddress() {
    return listener.localAddress();
  }

  /** Closes the port and every connection, and ends a running profile. Waits for the threads. */
  @Override
  public void close() {
    listener.close();
    pprof.close();
  }

  private static Page now(Supplier<Reply> reply) {
    return request -> CompletableFuture.completedStage(reply.get());
  }
}
