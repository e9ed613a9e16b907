package dev.gatesvr.gateway.metrics;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.TransportObserver;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Everything a gateway counts, each fact once: {@code /stats}, {@code /performance} and Prometheus
 * are read from here. Thread-safe; counting never locks or blocks. Label values are bounded, and a
 * value with a digit in it is never learned, so no player can become a series. The exported names
 * stand in {@code docs/metrics.md}.
 */
public final class GatewayMetrics {
  /** The zones of PROTOCOL.md §4, which are the values of a zone label. */
  public static final List<String> ZONES = List.of("001", "002", "003", "004", "005", "006");

  private static final Map<CloseCode, String> CODE_LABELS =
      Arrays.stream(CloseCode.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  code -> code, code -> code.name().toLowerCase(Locale.ROOT)));
  private static final int ERROR_LINE_MAX = 256;

  /** More shards than any machine has cores; above it the index is a bug. */
  private static final int SHARDS_MAX = 1_024;

  private final CollectorRegistry registry = new CollectorRegistry();
  private final LoopObserver observer = new LoopObserver();
  private final ConcurrentMap<Integer, ShardTimings> shards = new ConcurrentHashMap<>();
  private final LongAdder requestsStarted = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private volatile String lastError = "";

  private final LabelledCounter opened =
      counter(
          "gatesvr_connections_opened_total",
          "Connections accepted",
          Label.learning("transport", "quic"));
  private final LabelledCounter closed =
      counter(
          "gatesvr_connections_closed_total",
          "Connections ended, by close code",
          Label.learning("transport", "quic"),
          Label.fixed("code", "other", List.copyOf(CODE_LABELS.values())));
  private final LabelledCounter refusedConnections =
      counter(
          "gatesvr_connections_refused_total",
          "Connections turned away",
          Label.learning("reason", "connections"));
  private final LabelledCounter requests =
      counter(
          "gatesvr_requests_total",
          "Requests answered or refused",
          zones(),
          Label.fixed("outcome", "other", Outcome.labels()));
  private final LabelledCounter requestNanos =
      registered(
          new LabelledCounter(
              "gatesvr_request_time_seconds_total",
              "Time from a request's frame to its answer, by zone",
              1e-9,
              zones()));
  private final LabelledCounter upstreamCalls =
      counter(
          "gatesvr_upstream_calls_total",
          "Calls to upstreams",
          zones(),
          Label.learning("outcome", "ok", "failed", "deadline", "unavailable"));
  private final LabelledCounter pushes =
      counter(
          "gatesvr_pushes_total",
          "Pushes from upstreams, by what became of them",
          Label.learning("kind", "unicast", "broadcast"),
          Label.learning("result", "delivered", "queued", "refused", "absent"));
  private final LabelledCounter protocolErrors =
      counter(
          "gatesvr_protocol_errors_total",
          "Mistakes of players in the protocol",
          Label.learning("kind"));
  private final LabelledCounter sessionEvents =
      counter(
          "gatesvr_session_events_total",
          "What happened to sessions",
          Label.fixed(
              "event",
              "other",
              List.of("created", "resumed", "expired", "replaced", "stopped", "kicked")));
  private final LabelledCounter loginsRefused =
      counter(
          "gatesvr_logins_refused_total",
          "Logins that the authenticator did not accept",
          Label.learning("reason"));
  private final LabelledCounter resumesRefused =
      counter(
          "gatesvr_resumes_refused_total",
          "Resume tokens that resumed nothing",
          Label.fixed(
              "reason",
              "other",
              List.of("malformed", "unknown_key", "altered", "foreign", "expired", "session")));
  private final LabelledCounter offlineRemoved =
      counter(
          "gatesvr_offline_removed_total",
          "Messages for players without a session that nobody got",
          Label.fixed("reason", "other", List.of("expired", "dropped", "replaced")));
  private final LabelledCounter attributesRefused =
      counter(
          "gatesvr_attributes_refused_total",
          "Session attributes that were not set",
          Label.learning("reason", "invalid_name", "value_too_long", "full"));
  private final LabelledCounter observerFailures =
      counter(
          "gatesvr_observer_failures_total",
          "Exceptions thrown by session observers",
          Label.learning("event", "created", "attached", "resumed", "detached", "ended"));
  private final LabelledCounter refusals =
      counter(
          "gatesvr_refusals_total",
          "Work refused by overload protection",
          Label.learning("reason", "connections", "qps", "upstream", "session"));

  public GatewayMetrics() {
    plain("gatesvr_frames_received_total", "Frames from players", observer::framesReceived);
    plain("gatesvr_frames_sent_total", "Frames to players", observer::framesSent);
    plain("gatesvr_bytes_received_total", "Frame bytes from players", observer::bytesReceived);
    plain("gatesvr_bytes_sent_total", "Frame bytes to players", observer::bytesSent);
    plain("gatesvr_errors_total", "Faults of the gateway itself", errors::sum);
    registry.register(new StageHistograms(this::timing, this::rtt));
    DefaultExports.register(registry);
  }

  /** What the transports are given; counts frames, bytes, {@code PARSE} and {@code ENCODE}. */
  public TransportObserver observer() {
    return observer;
  }

  /**
   * The service times of shard {@code index}, from 0: the same object for the same index.
   *
   * @throws IllegalArgumentException when the index is no shard's
   */
  public ShardTimings forShard(int index) {
    if (index < 0 || index >= SHARDS_MAX) {
      throw new IllegalArgumentException(
          "shard: " + index + " (expected: 0 to " + (SHARDS_MAX - 1) + ")");
    }
    return shards.computeIfAbsent(index, i -> new ShardTimings());
  }

  public void connectionOpened(String transport) {
    opened.increment(transport);
  }

  public void connectionClosed(String transport, CloseCode code) {
    closed.increment(transport, codeLabel(code));
  }

  /** A connection was turned away, before it was ever opened in the sense of this class. */
  public void connectionRefused(String reason) {
    refusedConnections.increment(reason);
  }

  /** A BUSINESS request arrived, whatever becomes of it. */
  public void requestStarted() {
    requestsStarted.increment();
  }

  /**
   * A request that started was answered or refused. This does not feed {@link Stage#TOTAL}, which
   * its shard records through {@link ShardTimings}.
   *
   * @param zone "001" to "006"; other values count together
   * @param code the response or error code
   * @param totalNanos since its frame was complete
   */
  public void requestFinished(String zone, int code, long totalNanos) {
    requests.increment(zone, Outcome.of(code).label());
    requestNanos.add(zone, Math.max(0, totalNanos));
  }

  /** An upstream call ended, for example {@code ok}, {@code failed} or {@code deadline}. */
  public void upstreamCall(String zone, String outcome) {
    upstreamCalls.increment(zone, outcome);
  }

  /** A push was taken or not, for example {@code push("unicast", "delivered")}. */
  public void push(String kind, String result) {
    pushes.increment(kind, result);
  }

  public void protocolError(String kind) {
    protocolErrors.increment(kind);
  }

  public void sessionCreated() {
    sessionEvents.increment("created");
  }

  public void sessionResumed() {
    sessionEvents.increment("resumed");
  }

  public void sessionExpired() {
    sessionEvents.increment("expired");
  }

  public void sessionReplaced() {
    sessionEvents.increment("replaced");
  }

  public void sessionStopped() {
    sessionEvents.increment("stopped");
  }

  /** A login was refused, for example {@code expired}; the player is not told why. */
  public void loginRefused(String reason) {
    loginsRefused.increment(reason);
  }

  /**
   * A resume token was refused, for example {@code foreign} or, by its session, {@code session}.
   */
  public void resumeRefused(String reason) {
    resumesRefused.increment(reason);
  }

  public void sessionKicked() {
    sessionEvents.increment("kicked");
  }

  /** Messages left the offline store, but not to a session: {@code expired}, {@code dropped}… */
  public void offlineRemoved(String reason, int messages) {
    offlineRemoved.add(reason, messages);
  }

  /** An attribute was not set, such as {@code full}. */
  public void attributeRefused(String reason) {
    attributesRefused.increment(reason);
  }

  /** An observer threw in the callback of that name. */
  public void observerFailed(String event) {
    observerFailures.increment(event);
  }

  /** Overload protection refused work: {@code connections}, {@code qps}, {@code upstream}… */
  public void refusal(String reason) {
    refusals.increment(reason);
  }

  /** A fault of the gateway itself. The newest is kept, cut to one line. */
  public void error(String oneLine) {
    errors.increment();
    String line = oneLine.lines().findFirst().orElse("").strip();
    lastError = line.length() <= ERROR_LINE_MAX ? line : line.substring(0, ERROR_LINE_MAX);
  }

  public long connectionsOpened() {
    return opened.total();
  }

  public long connectionsRefused() {
    return refusedConnections.total();
  }

  /** Connections opened and not yet closed, by transport, the ones without any left out. */
  public SortedMap<String, Integer> connectionsByTransport() {
    SortedMap<String, Integer> open = new TreeMap<>();
    for (String transport : opened.firstValues()) {
      long count = opened.total(transport) - closed.total(transport);
      if (count > 0) {
        open.put(transport, Math.toIntExact(count));
      }
    }
    return open;
  }

  public long framesReceived() {
    return observer.framesReceived();
  }

  public long framesSent() {
    return observer.framesSent();
  }

  public long bytesReceived() {
    return observer.bytesReceived();
  }

  public long bytesSent() {
    return observer.bytesSent();
  }

  /** BUSINESS requests that arrived. */
  public long requests() {
    return requestsStarted.sum();
  }

  /** Requests that ended in anything but {@link Outcome#OK}. */
  public long requestErrors() {
    return requests.total() - requests.secondTotal(Outcome.OK.label());
  }

  /** Faults of the gateway itself. */
  public long errors() {
    return errors.sum();
  }

  /** The newest fault in one line, empty when there was none. */
  public String lastError() {
    return lastError;
  }

  /** Service times in nanoseconds since the start, over all shards and loops; copies. */
  public Map<Stage, Histogram> latencies() {
    Map<Stage, Histogram> copies = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      copies.put(stage, timing(stage).histogram());
    }
    return copies;
  }

  /**
   * Everything in Prometheus' text format 0.0.4.
   *
   * @param gauges what is read elsewhere, as it stands now
   */
  public String text(List<GaugeFamily> gauges) {
    List<Collector.MetricFamilySamples> families =
        new ArrayList<>(Collections.list(registry.metricFamilySamples()));
    gauges.forEach(gauge -> families.add(gauge.samples()));
    families.add(inFlight());
    StringWriter text = new StringWriter();
    try {
      TextFormat.write004(text, Collections.enumeration(families));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    appendOldName(text, "gatesvr_total_requests", "BUSINESS requests", requests());
    appendOldName(text, "gatesvr_upstream_requests", "Calls to upstreams", upstreamCalls.total());
    return text.toString();
  }

  private Collector.MetricFamilySamples inFlight() {
    long open = Math.max(0, requestsStarted.sum() - requests.total());
    return GaugeFamily.of(
            "gatesvr_requests_in_flight", "BUSINESS requests not yet answered", (double) open)
        .samples();
  }

  /** The library ends every counter's name in _total, which the predecessor's names do not. */
  private static void appendOldName(StringWriter text, String name, String help, long value) {
    text.append("# HELP " + name + " " + help + " (old name)\n");
    text.append("# TYPE " + name + " counter\n");
    text.append(name + " " + (double) value + "\n");
  }

  private StageHistograms.Timing timing(Stage stage) {
    return merged(recorders(stage));
  }

  private static StageHistograms.Timing merged(List<LatencyRecorder> recorders) {
    Histogram merged = LatencyRecorder.newHistogram();
    long sumNanos = 0;
    for (LatencyRecorder recorder : recorders) {
      sumNanos += recorder.sumNanos();
      recorder.addTo(merged);
    }
    return new StageHistograms.Timing(merged, sumNanos);
  }

  private StageHistograms.Timing rtt() {
    return merged(shards.values().stream().map(ShardTimings::rtt).toList());
  }

  private List<LatencyRecorder> recorders(Stage stage) {
    List<LatencyRecorder> all = new ArrayList<>();
    shards.values().forEach(shard -> all.add(shard.recorder(stage)));
    if (stage == Stage.PARSE) {
      all.addAll(observer.parseRecorders());
    } else if (stage == Stage.ENCODE) {
      all.addAll(observer.encodeRecorders());
    }
    return all;
  }

  private static String codeLabel(CloseCode code) {
    return CODE_LABELS.getOrDefault(code, "other");
  }

  private static Label zones() {
    return Label.fixed("zone", "none", ZONES);
  }

  private LabelledCounter counter(String name, String help, Label label) {
    return registered(new LabelledCounter(name, help, 1, label));
  }

  private LabelledCounter counter(String name, String help, Label first, Label second) {
    return registered(new LabelledCounter(name, help, first, second));
  }

  private void plain(String name, String help, DoubleSupplier value) {
    registered(new PlainCounter(name, help, value));
  }

  private <C extends Collector> C registered(C collector) {
    registry.register(collector);
    return collector;
  }
}
