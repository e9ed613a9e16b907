package dev.gatesvr.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.gateway.admin.PairStatus.Partner;
import dev.gatesvr.gateway.admin.PairStatus.Role;
import dev.gatesvr.gateway.admin.PairView.SwitchResult;
import dev.gatesvr.gateway.config.AdminConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupPagesTest {
  private static final String TOKEN = "0123456789abcdef";

  private final FakeView view = new FakeView(3);
  private final FakePair pair = new FakePair();
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server = serve(pair, TOKEN);
  }

  private AdminServer serve(PairView of, String token) throws IOException {
    return AdminServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        view,
        of,
        new AdminConfig(false, token));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + server.localAddress().getPort() + path))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> command(String path) throws Exception {
    return send("POST", path, "Authorization", "Bearer " + TOKEN);
  }

  private static JsonNode body(HttpResponse<String> response) throws Exception {
    return new ObjectMapper().readTree(response.body());
  }

  private static List<String> keys(JsonNode node) {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  @Test
  void tellsEverythingOfThePairToAnybody() throws Exception {
    HttpResponse<String> response = send("GET", "/backup/stats");
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode stats = body(response);
    assertThat(keys(stats))
        .containsExactly(
            "enabled",
            "role",
            "partner",
            "server_id",
            "incarnation",
            "pair",
            "register",
            "peer",
            "arbiter",
            "replication",
            "sessions",
            "history");
    assertThat(stats.path("role").asText()).isEqualTo("primary");
    assertThat(stats.path("partner").asText()).isEqualTo("paired");
    assertThat(stats.path("register").path("term").asLong()).isEqualTo(4);
    assertThat(stats.path("register").path("in_sync").size()).isEqualTo(2);
    assertThat(stats.path("peer").path("heard_ms_ago").asLong()).isEqualTo(12);
    assertThat(stats.path("replication").path("mode").asText()).isEqualTo("sync");
    assertThat(keys(stats.path("replication").path("logs").path(0)))
        .containsExactly(
            "log", "last_lsn", "sent_lsn", "acked_lsn", "queued_entries", "queued_bytes");
    assertThat(stats.path("history").path("last_failover_ms").asDouble()).isEqualTo(41.5);
  }

  @Test
  void aSwitchoverAnswersWithItsOutcome() throws Exception {
    HttpResponse<String> done = command("/backup/switch");
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(body(done).path("outcome").asText()).isEqualTo("done");
    assertThat(body(done).path("leader").asText()).isEqualTo("gw-b#2");
    assertThat(body(done).path("stall_ms").asDouble()).isEqualTo(8.25);
    pair.result = CompletableFuture.completedStage(new SwitchResult.Started("freezing"));
    HttpResponse<String> started = command("/backup/switch");
    assertThat(started.statusCode()).isEqualTo(202);
    assertThat(body(started).path("detail").asText()).isEqualTo("freezing");
    assertThat(pair.switches).hasValue(2);
    assertThat(pair.forced).hasValue(0);
    assertThat(command("/backup/force-lead").statusCode()).isEqualTo(202);
    assertThat(pair.forced).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/backup/switch", "/backup/force-lead"})
  void whatIsNotPossibleIsAConflictWithItsReason(String path) throws Exception {
    pair.result = CompletableFuture.completedStage(new SwitchResult.Refused("gw-b is not in sync"));
    HttpResponse<String> refused = command(path);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(body(refused).path("error").asText()).isEqualTo("gw-b is not in sync");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/backup/switch", "/backup/force-lead"})
  void withoutAPairThereIsNothingToSwitch(String path) throws Exception {
    server.close();
    server = serve(PairView.NONE, TOKEN);
    HttpResponse<String> response = command(path);
    assertThat(response.statusCode()).isEqualTo(501);
    assertThat(body(response).path("error").asText())
        .isEqualTo("backup.enabled: false (there is no pair)");
    JsonNode stats = body(send("GET", "/backup/stats"));
    assertThat(stats.path("enabled").asBoolean()).isFalse();
    assertThat(stats.path("role").asText()).isEqualTo("single");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/backup/switch", "/backup/force-lead"})
  void onlyWhoShowsTheTokenCommands(String path) throws Exception {
    assertThat(send("POST", path).statusCode()).isEqualTo(401);
    assertThat(send("POST", path, "Authorization", "Bearer nope").statusCode()).isEqualTo(401);
    HttpResponse<String> read = send("GET", path, "Authorization", "Bearer " + TOKEN);
    assertThat(read.statusCode()).isEqualTo(405);
    assertThat(read.headers().firstValue("allow")).hasValue("POST");
    server.close();
    server = serve(pair, "");
    assertThat(send("POST", path, "X-Forwarded-For", "203.0.113.9").statusCode()).isEqualTo(403);
    assertThat(send("POST", path, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(pair.switches).hasValue(0);
    assertThat(pair.forced).hasValue(0);
    assertThat(send("POST", path).statusCode()).isEqualTo(200);
  }

  @Test
  void aFaultOfTheGatewayIsNotCalledARefusal() throws Exception {
    pair.result = CompletableFuture.failedStage(new IllegalStateException("broken"));
    assertThat(command("/backup/switch").statusCode()).isEqualTo(500);
  }

  @Test
  void aStandbyIsHealthyAndNotReadyAndNamesThePrimary() throws Exception {
    pair.status = FakePair.standby();
    HttpResponse<String> health = send("GET", "/health");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(body(health).path("role").asText()).isEqualTo("standby");
    HttpResponse<String> ready = send("GET", "/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    JsonNode why = body(ready);
    assertThat(why.path("status").asText()).isEqualTo("not_ready");
    assertThat(why.path("reason").asText()).isEqualTo("standby");
    assertThat(why.path("role").asText()).isEqualTo("standby");
    assertThat(why.path("primary").asText()).isEqualTo("gw-b");
    assertThat(why.path("primary_addr").asText()).isEqualTo("192.0.2.2:8453");
  }

  @ParameterizedTest
  @EnumSource(Partner.class)
  void aPrimaryIsReadyUnlessItHoldsEverythingBack(Partner partner) throws Exception {
    pair.status = FakePair.primary(partner);
    boolean waits = partner == Partner.STALLED || partner == Partner.HANDING_OVER;
    HttpResponse<String> ready = send("GET", "/ready");
    assertThat(ready.statusCode()).isEqualTo(waits ? 503 : 200);
    assertThat(body(ready).path("role").asText()).isEqualTo("primary");
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"STARTING", "CANDIDATE"})
  void nobodyIsSentToANodeWithoutTheLead(Role role) throws Exception {
    pair.status = FakePair.status(role, Partner.ALONE, "");
    HttpResponse<String> ready = send("GET", "/ready");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(body(ready).path("reason").asText()).startsWith(Json.word(role) + ": ");
    assertThat(body(ready).path("primary").asText()).isEmpty();
  }

  @Test
  void aPrimaryWithoutAZoneIsNotReadyEither() throws Exception {
    view.zones = List.of();
    assertThat(body(send("GET", "/ready")).path("reason").asText())
        .isEqualTo("no zone has an upstream");
  }
}
