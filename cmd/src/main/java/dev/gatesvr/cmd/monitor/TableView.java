package dev.gatesvr.cmd.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatesvr.cmd.operator.Terminal;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** One sample as text for people. */
final class TableView {
  private static final List<String> PERCENTILES =
      List.of("mean_us", "p50_us", "p90_us", "p95_us", "p99_us", "p99_9_us", "max_us");

  private final String server;
  private final Sample sample;
  private final Rates rates;
  private final boolean detailed;
  private final Formatter text = new Formatter(Locale.ROOT);

  TableView(String server, Sample sample, Rates rates, boolean detailed) {
    this.server = server;
    this.sample = sample;
    this.rates = rates;
    this.detailed = detailed;
  }

  String render() {
    head();
    traffic();
    latency();
    process();
    if (detailed) {
      sessions();
    }
    return text.format("%n").toString();
  }

  private void head() {
    JsonNode stats = sample.stats();
    text.format(
        "gatesvr %s   up %s   %s%n",
        server, duration(stats.path("uptime_seconds").asLong()), stats.path("timestamp").asText());
    JsonNode ready = sample.ready();
    if (ready.path("status").asText().equals("ready")) {
      text.format("ready         zones %s%n", words(ready.path("zones")));
    } else {
      text.format("NOT READY     %s%n", ready.path("reason").asText());
    }
    pair();
  }

  /** Nothing where there is no pair. */
  private void pair() {
    JsonNode pair = sample.pair();
    if (pair.path("enabled").asBoolean()) {
      JsonNode register = pair.path("register");
      String leader = register.path("leader").asText();
      text.format(
          "pair          %s   partner %s   term %d   leader %s   %s%n",
          pair.path("role").asText(),
          pair.path("partner").asText(),
          register.path("term").asLong(),
          Terminal.safe(leader.isEmpty() ? "none" : leader),
          pair.path("replication").path("mode").asText());
    }
  }

  private void traffic() {
    JsonNode connections = sample.connections();
    JsonNode load = connections.path("load");
    JsonNode basic = sample.performance().path("basic_stats");
    JsonNode queues = sample.performance().path("queues");
    text.format(
        "connections   %s   %s   %.1f/s new   %d refused%n",
        level(load.path("connections")),
        pairs(connections.path("by_transport")),
        rates.connections(),
        connections.path("refused_connections").asLong());
    text.format(
        "sessions      %d   %s%n",
        connections.path("total_sessions").asLong(), pairs(connections.path("sessions_by_zone")));
    text.format(
        "requests      %.1f/s   window %s   %.2f %% ok   %.1f errors/s%n",
        rates.requests(),
        level(load.path("qps")),
        basic.path("success_rate").asDouble() * 100,
        rates.errors());
    text.format("upstream      %s in flight%n", level(load.path("upstream_concurrent")));
    text.format(
        "frames        in %.1f/s, %s/s   out %.1f/s, %s/s%n",
        rates.messagesReceived(),
        bytes(rates.bytesReceived()),
        rates.messagesSent(),
        bytes(rates.bytesSent()));
    text.format(
        "queued        %d messages, %s%n",
        queues.path("queued_messages").asLong(), bytes(queues.path("queued_bytes").asDouble()));
  }

  private void latency() {
    text.format("%n%-10s%10s", "stage µs", "count");
    for (String key : PERCENTILES) {
      text.format("%11s", key.replace("_us", "").replace("99_9", "99.9"));
    }
    text.format("%n");
    for (var stage : sample.performance().path("latency").properties()) {
      JsonNode values = stage.getValue();
      text.format("%-10s%10d", stage.getKey(), values.path("count").asLong());
      for (String key : PERCENTILES) {
        text.format("%11.1f", values.path(key).asDouble());
      }
      text.format("%n");
    }
    text.format("%n");
  }

  private void process() {
    JsonNode memory = sample.performance().path("memory");
    long collections = 0;
    long collectionMillis = 0;
    for (JsonNode collector : sample.performance().path("gc")) {
      collections += collector.path("count").asLong();
      collectionMillis += collector.path("time_ms").asLong();
    }
    text.format(
        "memory        heap %s of %s   non-heap %s   direct %s%n",
        bytes(memory.path("heap_used_bytes").asDouble()),
        bytes(memory.path("heap_max_bytes").asDouble()),
        bytes(memory.path("non_heap_used_bytes").asDouble()),
        bytes(memory.path("direct_used_bytes").asDouble()));
    text.format(
        "process       %d collections in %d ms   %d threads%n",
        collections, collectionMillis, sample.performance().path("threads").path("live").asInt());
    String lastError = sample.stats().path("last_error").asText();
    if (!lastError.isEmpty()) {
      text.format("last error    %s%n", Terminal.safe(lastError));
    }
  }

  private void sessions() {
    JsonNode stats = sample.stats();
    text.format(
        "%n%-24s%-5s%-6s%-24s%8s%8s%8s%8s%7s%n",
        "openid", "zone", "via", "remote", "pending", "next", "sent", "acked", "queue");
    for (JsonNode session : stats.path("sessions")) {
      JsonNode queue = session.path("ordered_queue");
      text.format(
          "%-24s%-5s%-6s%-24s%8d%8d%8d%8d%7d%n",
          cut(session.path("openid").asText(), 23),
          session.path("zone").asText(),
          session.path("transport").asText(),
          cut(session.path("remote_addr").asText(), 23),
          session.path("pending_count").asInt(),
          queue.path("next_expected_seq").asLong(),
          queue.path("last_sent_seq").asLong(),
          queue.path("last_acked_seq").asLong(),
          queue.path("queue_size").asInt());
    }
    text.format("%d of %d%n", stats.path("sessions").size(), stats.path("total_sessions").asLong());
  }

  /** A number against its limit, marked from the warning threshold on. */
  private static String level(JsonNode level) {
    double current = level.path("current").asDouble();
    String mark = current >= level.path("warning_threshold").asDouble() ? " !" : "";
    String shown =
        current == Math.rint(current)
            ? String.valueOf((long) current)
            : String.format(Locale.ROOT, "%.1f", current);
    return shown + "/" + level.path("max").asLong() + mark;
  }

  private static String pairs(JsonNode counts) {
    List<String> pairs = new ArrayList<>();
    counts.properties().forEach(e -> pairs.add(e.getKey() + " " + e.getValue().asLong()));
    return String.join(", ", pairs);
  }

  private static String words(JsonNode array) {
    List<String> words = new ArrayList<>();
    array.forEach(word -> words.add(word.asText()));
    return String.join(" ", words);
  }

  private static String cut(String value, int lengthMax) {
    String safe = Terminal.safe(value);
    return safe.length() <= lengthMax ? safe : safe.substring(0, lengthMax - 1) + "…";
  }

  private static String duration(long seconds) {
    return String.format(
        Locale.ROOT, "%dh%02dm%02ds", seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }

  private static String bytes(double bytes) {
    double value = bytes;
    for (String unit : List.of("B", "KiB", "MiB")) {
      if (value < 1_024) {
        return String.format(Locale.ROOT, unit.equals("B") ? "%.0f %s" : "%.1f %s", value, unit);
      }
      value /= 1_024;
    }
    return String.format(Locale.ROOT, "%.1f GiB", value);
  }
}
