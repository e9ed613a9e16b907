package dev.gatesvr.cmd.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Reads the pages that a gateway has for operators. */
final class OperatorPages implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final int OK = 200;
  private static final String METRIC = "gatesvr_total_requests";
  private static final List<String> SHOWN =
      List.of("total_sessions", "active_connections", "messages_received", "messages_sent");

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final DemoFleet.Ports ports;

  OperatorPages(DemoFleet.Ports ports) {
    this.ports = ports;
  }

  /** Waits until the gateway says that it is ready. */
  void awaitReady(long deadlineNanos) throws InterruptedException {
    while (get(ports.http(), "/ready").statusCode() != OK) {
      if (System.nanoTime() > deadlineNanos) {
        throw new DemoException("http://" + ports.http() + "/ready never said 200");
      }
      Thread.sleep(POLL);
    }
  }

  /** The counters of {@code /stats} in one line. */
  String stats() throws InterruptedException {
    String body = page(ports.http(), "/stats");
    try {
      JsonNode stats = new ObjectMapper().readTree(body);
      List<String> parts =
          SHOWN.stream()
              .filter(stats::has)
              .map(key -> key + " " + stats.get(key).asText())
              .toList();
      if (parts.size() < SHOWN.size()) {
        throw new DemoException("/stats has only " + parts + " of " + SHOWN);
      }
      return String.join(", ", parts);
    } catch (IOException e) {
      throw new DemoException("/stats is no JSON: " + e.getMessage(), e);
    }
  }

  /** One line of {@code /metrics}. */
  String metrics() throws InterruptedException {
    return page(ports.metrics(), "/metrics")
        .lines()
        .filter(line -> line.startsWith(METRIC))
        .findFirst()
        .orElseThrow(() -> new DemoException("/metrics has no " + METRIC));
  }

  private String page(String address, String path) throws InterruptedException {
    HttpResponse<String> response = get(address, path);
    if (response.statusCode() != OK) {
      throw new DemoException("http://" + address + path + " says " + response.statusCode());
    }
    return response.body();
  }

  private HttpResponse<String> get(String address, String path) throws InterruptedException {
    URI uri = URI.create("http://" + address + path);
    try {
      return http.send(
          HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new DemoException(uri + ": " + e, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
