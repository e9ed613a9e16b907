package dev.gatesvr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.gateway.config.AdminConfig;
import dev.gatesvr.gateway.metrics.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
  private final FakeView view = new FakeView(3);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            view,
            PairView.NONE,
            AdminConfig.defaults());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + server.localAddress().getPort() + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private JsonNode json(int status, String path) throws Exception {
    HttpResponse<String> response = send("GET", path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("application/json; charset=utf-8");
    return new ObjectMapper().readTree(response.body());
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void saysItIsHealthyAndAlive() throws Exception {
    JsonNode health = json(200, "/health");
    assertThat(health.path("status").asText()).isEqualTo("healthy");
    assertThat(health.path("uptime_seconds").asDouble()).isEqualTo(90.5);
    assertThat(health.path("role").asText()).isEqualTo("single");
    assertThat(json(200, "/live").path("status").asText()).isEqualTo("alive");
  }

  @Test
  void isReadyOnlyWhileAcceptingWithAZoneServed() throws Exception {
    assertThat(json(200, "/ready").path("zones").size()).isEqualTo(2);
    view.zones = List.of();
    assertThat(json(503, "/ready").path("reason").asText()).isEqualTo("no zone has an upstream");
    view.zones = List.of("002");
    assertThat(json(200, "/ready").path("status").asText()).isEqualTo("ready");
    view.accepting = false;
    JsonNode stopping = json(503, "/ready");
    assertThat(stopping.path("status").asText()).isEqualTo("not_ready");
    assertThat(stopping.path("reason").asText()).startsWith("not accepting");
  }

  @Test
  void listsSessionsWithTheFieldsOperatorsKnow() throws Exception {
    JsonNode stats = json(200, "/stats");
    assertThat(keys(stats))
        .containsExactlyInAnyOrder(
            "total_sessions",
            "timestamp",
            "active_connections",
            "total_connections",
            "messages_received",
            "messages_sent",
            "bytes_received",
            "bytes_sent",
            "start_time",
            "uptime_seconds",
            "error_count",
            "last_error",
            "offset",
            "limit",
            "sessions");
    assertThat(stats.path("total_sessions").asInt()).isEqualTo(3);
    assertThat(stats.path("start_time").asText()).isEqualTo("2023-11-14T22:13:20.000Z");
    assertThat(stats.path("last_error").asText()).isEqualTo("upstream 004: \"refused\"");
    assertThat(stats.path("sessions").size()).isEqualTo(3);
    assertThat(stats.path("sessions").path(1))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"session_id": "session-1", "openid": "player-1", "zone": "003",
                     "create_time": "2023-11-14T22:13:20.000Z",
                     "last_activity": "2023-11-14T22:13:21.500Z",
                     "pending_count": 2, "remote_addr": "203.0.113.7:4711", "transport": "quic",
                     "ordered_queue": {"next_expected_seq": 5, "last_sent_seq": 11,
                       "last_acked_seq": 9, "queue_size": 2}}
                    """));
  }

  @Test
  void pagesThroughTwentyThousandSessions() throws Exception {
    view.sessionCount = 20_000;
    Set<String> seen = new HashSet<>();
    for (int offset = 0; offset < 20_000; offset += 10_000) {
      JsonNode page = json(200, "/stats?limit=10000&offset=" + offset);
      assertThat(page.path("total_sessions").asInt()).isEqualTo(20_000);
      assertThat(page.path("sessions").size()).isEqualTo(10_000);
      page.path("sessions").forEach(session -> seen.add(session.path("openid").asText()));
    }
    assertThat(seen).hasSize(20_000).contains("player-0", "player-19999");
    assertThat(json(200, "/stats").path("sessions").size()).isEqualTo(1_000);
    assertThat(json(200, "/stats?offset=19999").path("sessions").size()).isEqualTo(1);
    assertThat(json(200, "/stats?offset=20000").path("sessions").size()).isZero();
  }

  @Test
  void refusesABadPageInOneLine() throws Exception {
    assertThat(json(400, "/stats?limit=0").path("error").asText())
        .isEqualTo("limit: 0 (expected: 1 to 10000)");
    assertThat(json(400, "/stats?limit=10001").path("error").asText())
        .isEqualTo("limit: 10001 (expected: 1 to 10000)");
    assertThat(json(400, "/stats?offset=-1").path("error").asText()).startsWith("offset: -1 ");
    assertThat(json(400, "/stats?offset=ten").path("error").asText()).startsWith("offset: ten ");
    assertThat(json(400, "/stats?limit=" + "9".repeat(500)).path("error").asText())
        .hasSizeLessThan(100);
  }

  @Test
  void tellsConnectionsByTransportAndTheirLimits() throws Exception {
    JsonNode connections = json(200, "/stats/connections");
    assertThat(connections.path("active_connections").asInt()).isEqualTo(17);
    assertThat(connections.path("refused_connections").asInt()).isEqualTo(3);
    assertThat(connections.path("by_transport").path("quic").asInt()).isEqualTo(15);
    assertThat(connections.path("sessions_by_zone").path("003").asInt()).isEqualTo(3);
    JsonNode load = connections.path("load");
    assertThat(load.path("protection_enabled").asBoolean()).isTrue();
    assertThat(load.path("qps").path("current").asDouble()).isEqualTo(12.5);
    assertThat(load.path("upstream_concurrent").path("warning_threshold").asInt()).isEqualTo(80);
  }

  @Test
  void tellsRatesPercentilesAndTheProcess() throws Exception {
    view.metrics.forShard(0).record(Stage.TOTAL, 2_000_000);
    JsonNode performance = json(200, "/performance");
    JsonNode basic = performance.path("basic_stats");
    assertThat(keys(basic))
        .containsExactly(
            "uptime_seconds",
            "total_connections",
            "active_connections",
            "total_requests",
            "total_errors",
            "qps",
            "success_rate");
    assertThat(basic.path("success_rate").asDouble()).isEqualTo(0.9);
    JsonNode latency = performance.path("latency");
    assertThat(keys(latency)).containsExactly("parse", "upstream", "encode", "send", "total");
    assertThat(keys(latency.path("total")))
        .containsExactly(
            "count", "mean_us", "p50_us", "p90_us", "p95_us", "p99_us", "p99_9_us", "max_us");
    assertThat(latency.path("total").path("p99_9_us").asDouble()).isBetween(1_990.0, 2_020.0);
    assertThat(latency.path("send").path("count").asInt()).isZero();
    assertThat(performance.path("memory").path("heap_used_bytes").asLong()).isPositive();
    assertThat(performance.path("memory").has("direct_used_bytes")).isTrue();
    assertThat(performance.path("gc").size()).isPositive();
    assertThat(performance.path("threads").path("live").asInt()).isPositive();
  }

  @Test
  void answersHeadWithTheHeadersOfGet() throws Exception {
    for (String path : List.of("/live", "/performance", "/stats", "/debug/pprof/threads")) {
      HttpResponse<String> head = send("HEAD", path);
      assertThat(head.statusCode()).as(path).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValue("content-type"))
          .isEqualTo(send("GET", path).headers().firstValue("content-type"));
    }
    assertThat(send("HEAD", "/live").headers().firstValue("content-length")).hasValue("19");
    assertThat(send("HEAD", "/nowhere").statusCode()).isEqualTo(404);
  }

  @Test
  void answersUnknownPathsAndMethodsProperly() throws Exception {
    assertThat(json(404, "/nowhere").path("error").asText())
        .isEqualTo("path: /nowhere (no such page)");
    assertThat(json(404, "/a%22b%0A").path("error").asText()).startsWith("path: /a\"b ");
    HttpResponse<String> post = send("POST", "/stats");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).hasValue("GET, HEAD");
    assertThat(send("DELETE", "/nowhere").statusCode()).isEqualTo(404);
  }

  @Test
  void showsThreadsAndTheHeapToLoopback() throws Exception {
    assertThat(send("GET", "/debug/pprof/").body()).contains("/debug/pprof/profile");
    assertThat(send("GET", "/debug/pprof/threads").body()).contains("\"admin-worker-0\"");
    assertThat(send("GET", "/debug/pprof/heap").body()).contains("#instances", "java.lang.String");
    assertThat(json(400, "/debug/pprof/profile?seconds=61").path("error").asText())
        .isEqualTo("seconds: 61 (expected: 1 to 60)");
  }

  @Test
  void refusesToProfileForAProxysClient() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:" + server.localAddress().getPort() + "/debug/pprof/heap"))
            .header("X-Forwarded-For", "203.0.113.9")
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
  }

  @Test
  void drawsOneFlameGraphAtATime() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> both =
        List.of(profileForOneSecond(), profileForOneSecond());
    while (!both.stream().allMatch(CompletableFuture::isDone)) {
      // Burns CPU to be seen in the graph, while the server still answers.
      assertThat(burn()).isPositive();
      assertThat(send("HEAD", "/live").statusCode()).isEqualTo(200);
    }
    assertThat(both).extracting(reply -> reply.join().statusCode()).containsOnlyOnce(200, 409);
    HttpResponse<String> page =
        both.stream()
            .map(CompletableFuture::join)
            .filter(reply -> reply.statusCode() == 200)
            .findFirst()
            .orElseThrow();
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.body()).contains("gatesvr CPU 1 s", "burn'");
    assertThat(profileForOneSecond().join().statusCode()).isEqualTo(200);
  }

  private CompletableFuture<HttpResponse<String>> profileForOneSecond() {
    URI uri =
        URI.create(
            "http://localhost:"
                + server.localAddress().getPort()
                + "/debug/pprof/profile?seconds=1");
    return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static double burn() {
    double sum = 0;
    for (int i = 1; i < 300_000; i++) {
      sum += Math.sin(i) + 1;
    }
    return sum;
  }

  @Test
  void namesTheAddressThatIsTaken() {
    assertThatThrownBy(
            () ->
                AdminServer.start(
                    server.localAddress(), view, PairView.NONE, AdminConfig.defaults()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot bind ")
        .hasMessageEndingWith(":" + server.localAddress().getPort());
  }

  @Test
  void runsOnThreadsNamedByTheirRole() throws Exception {
    json(200, "/live");
    send("GET", "/debug/pprof/heap");
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .contains("admin-0", "admin-worker-0");
  }
}
