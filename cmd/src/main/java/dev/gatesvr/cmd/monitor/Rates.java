package dev.gatesvr.cmd.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What happened per second between two samples; all zero when the gateway restarted in between, for
 * its counters did too.
 */
record Rates(
    double seconds,
    double requests,
    double errors,
    double connections,
    double messagesReceived,
    double messagesSent,
    double bytesReceived,
    double bytesSent) {

  static Rates between(Sample before, Sample now) {
    double seconds =
        now.stats().path("uptime_seconds").asDouble()
            - before.stats().path("uptime_seconds").asDouble();
    JsonNode earlier = before.performance().path("basic_stats");
    JsonNode later = now.performance().path("basic_stats");
    return new Rates(
        Math.max(0, seconds),
        rate(earlier, later, "total_requests", seconds),
        rate(earlier, later, "total_errors", seconds),
        rate(earlier, later, "total_connections", seconds),
        rate(before.stats(), now.stats(), "messages_received", seconds),
        rate(before.stats(), now.stats(), "messages_sent", seconds),
        rate(before.stats(), now.stats(), "bytes_received", seconds),
        rate(before.stats(), now.stats(), "bytes_sent", seconds));
  }

  private static double rate(JsonNode before, JsonNode now, String key, double seconds) {
    double difference = now.path(key).asDouble() - before.path(key).asDouble();
    return seconds > 0 && difference > 0 ? difference / seconds : 0;
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("seconds", rounded(seconds));
    json.put("requests_per_second", rounded(requests));
    json.put("errors_per_second", rounded(errors));
    json.put("connections_per_second", rounded(connections));
    json.put("messages_received_per_second", rounded(messagesReceived));
    json.put("messages_sent_per_second", rounded(messagesSent));
    json.put("bytes_received_per_second", rounded(bytesReceived));
    json.put("bytes_sent_per_second", rounded(bytesSent));
    return json;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }
}
