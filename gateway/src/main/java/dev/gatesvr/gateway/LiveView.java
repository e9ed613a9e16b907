package dev.gatesvr.gateway;

import dev.gatesvr.gateway.admin.GatewayView;
import dev.gatesvr.gateway.config.GatewayConfig;
import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.metrics.Stage;
import dev.gatesvr.gateway.offline.OfflineStore;
import dev.gatesvr.gateway.overload.OverloadGuard;
import dev.gatesvr.gateway.shard.PlayerSession;
import dev.gatesvr.gateway.shard.SessionDirectory;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.upstream.grpc.InstanceStatus;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The running gateway as operators see it. Thread-safe. A page of sessions is picked and sorted on
 * the asking thread; each shard then looks at its own in slices of {@value #SLICE}.
 */
final class LiveView implements GatewayView {
  private static final int SLICE = 64;

  private final GatewayConfig config;
  private final GatewayMetrics metrics;
  private final OverloadGuard guard;
  private final SessionDirectory directory;
  private final List<SessionShard> shards;
  private final UpstreamRegistry registry;
  private final OfflineStore offline;
  private final Supplier<List<InstanceStatus>> statuses;
  private final long startMillis = System.currentTimeMillis();
  private final long startNanos = System.nanoTime();
  private volatile boolean accepting;

  LiveView(
      GatewayConfig config,
      GatewayMetrics metrics,
      OverloadGuard guard,
      SessionDirectory directory,
      List<SessionShard> shards,
      UpstreamRegistry registry,
      OfflineStore offline,
      Supplier<List<InstanceStatus>> statuses) {
    this.config = config;
    this.metrics = metrics;
    this.guard = guard;
    this.directory = directory;
    this.shards = List.copyOf(shards);
    this.registry = registry;
    this.offline = offline;
    this.statuses = statuses;
  }

  void accepting(boolean now) {
    accepting = now;
  }

  @Override
  public Totals totals() {
    long nowNanos = System.nanoTime();
    return new Totals(
        guard.connections(),
        metrics.connectionsOpened(),
        metrics.connectionsRefused(),
        directory.size(),
        metrics.framesReceived(),
        metrics.framesSent(),
        metrics.bytesReceived(),
        metrics.bytesSent(),
        metrics.requests(),
        metrics.requestErrors(),
        shards.stream().mapToLong(SessionShard::queuedMessages).sum(),
        shards.stream().mapToLong(SessionShard::queuedBytes).sum(),
        guard.upstreamCalls(),
        guard.qps(nowNanos),
        startMillis,
        nowNanos - startNanos,
        metrics.lastError());
  }

  @Override
  public Map<Stage, Histogram> latencies() {
    return metrics.latencies();
  }

  @Override
  public List<String> servedZones() {
    return registry.table().servedZones().stream().map(ZoneId::toString).toList();
  }

  @Override
  public List<UpstreamView> upstreams() {
    Map<UpstreamInstance, InstanceStatus> known = new HashMap<>();
    statuses.get().forEach(status -> known.put(status.instance(), status));
    return registry.table().all().stream()
        .map(instance -> upstream(instance, known.get(instance)))
        .toList();
  }

  private static UpstreamView upstream(UpstreamInstance instance, @Nullable InstanceStatus last) {
    String status = last == null ? "unknown" : last.answered() ? last.status() : "silent";
    return new UpstreamView(
        instance.zone().toString(),
        instance.address().toString(),
        instance.serviceName(),
        instance.generation(),
        status,
        last == null ? 0 : last.uptimeSeconds(),
        last == null ? "" : last.detail());
  }

  @Override
  public Map<String, Long> droppedMessages() {
    long capacity = 0;
    long age = 0;
    for (SessionShard shard : shards) {
      capacity += shard.droppedForCapacity();
      age += shard.droppedForAge();
    }
    return Map.of("capacity", capacity, "age", age);
  }

  @Override
  public boolean accepting() {
    return accepting;
  }

  @Override
  public Map<String, Integer> connectionsByTransport() {
    return metrics.connectionsByTransport();
  }

  @Override
  public Map<String, Integer> sessionsByZone() {
    Map<String, Integer> zones = new TreeMap<>();
    for (ZoneId zone : ZoneId.values()) {
      zones.put(zone.toString(), directory.size(zone));
    }
    return zones;
  }

  @Override
  public OfflineTotals offline() {
    return new OfflineTotals(offline.players(), offline.messages(), offline.bytes());
  }

  @Override
  public OverloadConfig limits() {
    return config.overloadProtection();
  }

  @Override
  public CompletionStage<SessionPage> sessions(int offset, int limit) {
    List<PlayerSession> all = new ArrayList<>(directory.all());
    all.sort(Comparator.comparingLong(PlayerSession::number));
    int from = Math.min(offset, all.size());
    List<PlayerSession> page = all.subList(from, Math.min(from + limit, all.size()));
    List<CompletableFuture<List<SessionView>>> slices = new ArrayList<>();
    Map<SessionShard, List<PlayerSession>> byShard = new HashMap<>();
    for (PlayerSession session : page) {
      List<PlayerSession> slice =
          byShard.computeIfAbsent(session.shard(), shard -> new ArrayList<>(SLICE));
      slice.add(session);
      if (slice.size() == SLICE) {
        slices.add(ask(session.shard(), List.copyOf(slice)));
        slice.clear();
      }
    }
    byShard.forEach((shard, slice) -> slices.add(ask(shard, List.copyOf(slice))));
    return CompletableFuture.allOf(slices.toArray(CompletableFuture[]::new))
        .thenApply(done -> new SessionPage(all.size(), inOrder(page, slices)));
  }

  private static CompletableFuture<List<SessionView>> ask(
      SessionShard shard, List<PlayerSession> slice) {
    // Always a task of its own, so that other work of the loop runs between two slices.
    return CompletableFuture.supplyAsync(() -> shard.views(slice), shard.loop());
  }

  private static List<SessionView> inOrder(
      List<PlayerSession> page, List<CompletableFuture<List<SessionView>>> slices) {
    Map<String, SessionView> byId = new HashMap<>();
    slices.forEach(slice -> slice.join().forEach(view -> byId.put(view.sessionId(), view)));
    List<SessionView> ordered = new ArrayList<>(byId.size());
    for (PlayerSession session : page) {
      SessionView view = byId.get(session.sessionId());
      if (view != null) {
        ordered.add(view);
      }
    }
    return ordered;
  }
}
