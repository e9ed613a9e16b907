package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.gateway.config.AdminConfig;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.HeartbeatResponse;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.SessionAttribute;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions as operators see and end them: list, find, kick, attributes, round trips. */
class AdminSessionsTest {
  private static final String PLAYER = "10000";
  private static final String TOKEN = "0123456789abcdef";

  private RunningGateway gateway = RunningGateway.start();

  @AfterEach
  void stop() {
    gateway.close();
  }

  private JsonNode json(int status, HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new ObjectMapper().readTree(response.body());
  }

  private JsonNode get(String path) throws Exception {
    return json(200, gateway.get(path));
  }

  private static List<String> openids(JsonNode list) {
    List<String> openids = new ArrayList<>();
    list.path("sessions").forEach(session -> openids.add(session.path("openid").asText()));
    return openids;
  }

  @Test
  void pagesThroughSessionsInTheOrderOfTheirCreation() throws Exception {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      all.add("player-" + i);
      gateway.login("player-" + i);
    }
    List<String> seen = new ArrayList<>();
    String after = "0";
    while (!after.isEmpty()) {
      JsonNode page = get("/sessions?limit=3&after=" + after);
      assertThat(page.path("total_sessions").asInt()).isEqualTo(7);
      seen.addAll(openids(page));
      after = page.path("next").asText();
    }
    assertThat(seen).isEqualTo(all);
    assertThat(openids(get("/sessions?zone=003"))).contains("player-1").doesNotContain("player-0");
    assertThat(openids(get("/sessions?openid=player-4"))).containsExactly("player-4");
    assertThat(openids(get("/sessions?openid=nobody"))).isEmpty();
    String id = get("/sessions?openid=player-4").at("/sessions/0/session_id").asText();
    assertThat(openids(get("/sessions?session=" + id))).containsExactly("player-4");
    assertThat(openids(get("/sessions?openid=player-1&session=" + id))).isEmpty();
    assertThat(get("/sessions/" + id).path("openid").asText()).isEqualTo("player-4");
  }

  @Test
  void saysWhatIsWrongWithAQuestion() throws Exception {
    assertThat(json(404, gateway.get("/sessions/abc")).path("error").asText())
        .isEqualTo("session: abc (no such session)");
    assertThat(json(404, gateway.get("/sessions/")).path("error").asText())
        .isEqualTo("path: /sessions/ (no such page)");
    assertThat(json(404, gateway.get("/sessions/a/b")).path("error").asText())
        .isEqualTo("path: /sessions/a/b (no such page)");
    assertThat(json(400, gateway.get("/sessions?zone=9")).path("error").asText())
        .isEqualTo("zone: 9 (expected: 001 to 006)");
    assertThat(json(400, gateway.get("/sessions?limit=0")).path("error").asText())
        .isEqualTo("limit: 0 (expected: 1 to 1000)");
    assertThat(json(405, gateway.get("/sessions/abc/kick")).path("error").asText())
        .isEqualTo("method: GET (expected: POST)");
    assertThat(gateway.get("/sessions/abc/kick").headers().firstValue("allow")).hasValue("POST");
    assertThat(json(405, gateway.post("/sessions")).path("error").asText())
        .isEqualTo("method: POST (expected: GET, HEAD)");
    assertThat(json(404, gateway.post("/sessions/abc/kick")).path("error").asText())
        .isEqualTo("session: abc (no such session)");
    assertThat(json(404, gateway.post("/sessions/kick?openid=no")).path("error").asText())
        .isEqualTo("openid: no (no such session)");
    assertThat(json(400, gateway.post("/sessions/kick")).path("error").asText())
        .startsWith("openid: missing");
  }

  @Test
  void kickedPlayerOfLevelOneIsToldWhyAndNothingAfterIt() throws Exception {
    RawPlayer player = gateway.connect();
    String id =
        player
            .start(StartRequest.newBuilder().setOpenid(PLAYER).setProtocolLevel(1))
            .getConnectionId();
    JsonNode answer = json(200, gateway.post("/sessions/" + id + "/kick?detail=be%20nice"));
    assertThat(answer.path("kicked").asBoolean()).isTrue();
    assertThat(answer.path("openid").asText()).isEqualTo(PLAYER);
    ServerPush push = player.next();
    assertThat(push.getType()).isEqualTo(PushType.PUSH_KICKED);
    assertThat(push.getSeqId()).isZero();
    Kicked kicked = Kicked.parseFrom(push.getPayload());
    assertThat(kicked.getReason()).isEqualTo(Kicked.Reason.OPERATOR);
    assertThat(kicked.getDetail()).isEqualTo("be nice");
    assertThat(player.closed().code()).isEqualTo(CloseCode.KICKED);
    assertThat(player.waiting()).isZero();
    assertThat(gateway.get("/sessions/" + id).statusCode()).isEqualTo(404);
    assertThat(gateway.connect().start(PLAYER, 0).getResumed()).isFalse();
  }

  @Test
  void kickedPlayerOfTheOldWireGetsAnError() throws Exception {
    RawPlayer player = gateway.login(PLAYER);
    json(200, gateway.post("/sessions/kick?openid=" + PLAYER));
    ErrorMessage error = player.nextError();
    assertThat(error.getErrorCode()).isEqualTo(403);
    assertThat(error.getErrorMessage()).isEqualTo("ended by an operator");
    assertThat(player.closed().code()).isEqualTo(CloseCode.KICKED);
  }

  @Test
  void playerWhoIsAwayIsKickedToo() throws Exception {
    RawPlayer player = gateway.login(PLAYER);
    player.cut();
    json(200, gateway.post("/sessions/kick?openid=" + PLAYER));
    assertThat(get("/sessions").path("total_sessions").asInt()).isZero();
  }

  @Test
  void withoutATokenProxiesAndBrowsersChangeNothing() throws Exception {
    gateway.login(PLAYER);
    String path = "/sessions/kick?openid=" + PLAYER;
    for (String header : List.of("X-Forwarded-For", "Forwarded", "Origin", "Sec-Fetch-Site")) {
      assertThat(json(403, gateway.post(path, header, "x")).path("error").asText())
          .isEqualTo("admin.token is not set: loopback only, and no browser");
    }
    assertThat(get("/sessions").path("total_sessions").asInt()).isEqualTo(1);
  }

  @Test
  void withATokenOnlyWhoShowsItChangesSomething() throws Exception {
    gateway.close();
    gateway =
        RunningGateway.start(new RunningGateway.Settings().admin(new AdminConfig(false, TOKEN)));
    gateway.login(PLAYER);
    String path = "/sessions/kick?openid=" + PLAYER;
    List<String> wrong = List.of("Bearer " + TOKEN + "x", "Bearer x", "Bearer ", "Basic " + TOKEN);
    for (String authorization : wrong) {
      assertThat(gateway.post(path, "Authorization", authorization).statusCode()).isEqualTo(401);
    }
    HttpResponse<String> none = gateway.post(path);
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("www-authenticate")).hasValue("Bearer");
    assertThat(none.body()).doesNotContain(TOKEN);
    assertThat(get("/sessions").path("total_sessions").asInt()).as("reading is free").isEqualTo(1);
    json(200, gateway.post(path, "Authorization", "bearer " + TOKEN, "Forwarded", "for=1.2.3.4"));
    assertThat(get("/sessions").path("total_sessions").asInt()).isZero();
  }

  @Test
  void attributesOfAnUpstreamComeBackWithTheNextRequest() throws Exception {
    RawZone zone = gateway.zone("003");
    zone.answering(
        request ->
            switch (request.getAction()) {
              case "set" ->
                  answer()
                      .addSetAttributes(attribute("room", "7", 0))
                      .addSetAttributes(attribute("team", "red", Long.MAX_VALUE))
                      .addSetAttributes(attribute("soon", "gone", 1))
                      .addSetAttributes(attribute("", "refused", 0))
                      .build();
              case "remove" ->
                  answer()
                      .addRemoveAttributes("room")
                      .addRemoveAttributes("team")
                      .addSetAttributes(attribute("team", "blue", 0))
                      .build();
              default -> RawZone.echo(request);
            });
    RawPlayer player = gateway.login(PLAYER);
    for (String action : List.of("set", "see", "remove", "see")) {
      player.request(action, "");
      player.nextBody();
      RunningGateway.eventually(() -> !gateway.get("/sessions").body().contains("\"soon\""));
    }
    assertThat(zone.seen().stream().map(UpstreamRequest::getAttributesMap).toList())
        .containsExactly(
            Map.of(),
            Map.of("room", "7", "team", "red"),
            Map.of("room", "7", "team", "red"),
            Map.of("team", "blue"));
    assertThat(get("/sessions?openid=" + PLAYER).at("/sessions/0/attributes").toString())
        .isEqualTo("{\"team\":\"blue\"}");
    assertThat(gateway.metrics())
        .contains("gatesvr_attributes_refused_total{reason=\"invalid_name\",} 1.0");
  }

  private static UpstreamResponse.Builder answer() {
    return RawZone.answer("ok").toBuilder();
  }

  private static SessionAttribute attribute(String name, String value, long ttlMillis) {
    return SessionAttribute.newBuilder().setName(name).setValue(value).setTtlMs(ttlMillis).build();
  }

  @Test
  void heartbeatsThatCarryTheClockBackAreMeasured() throws Exception {
    RawPlayer player = gateway.login(PLAYER);
    long clock = heartbeat(player, 0, 0).getServerMicros();
    assertThat(clock).isPositive();
    assertThat(rttMillis()).as("nothing was carried back").isZero();
    heartbeat(player, clock + 1_000_000_000, 0);
    heartbeat(player, clock, Long.MAX_VALUE);
    assertThat(rttMillis()).as("nonsense").isZero();
    long newer = heartbeat(player, clock, 0).getServerMicros();
    assertThat(newer).isGreaterThan(clock);
    assertThat(rttMillis()).isBetween(0.001, 20_000.0);
    assertThat(gateway.metrics()).contains("gatesvr_session_rtt_seconds_count 1.0");
  }

  private double rttMillis() throws Exception {
    return get("/sessions?openid=" + PLAYER).at("/sessions/0/rtt_ms").asDouble();
  }

  private static HeartbeatResponse heartbeat(RawPlayer player, long echo, long held)
      throws Exception {
    player.send(
        RequestType.REQUEST_HEARTBEAT,
        0,
        HeartbeatRequest.newBuilder()
            .setClientTimestamp(7)
            .setEchoServerMicros(echo)
            .setHeldMicros(held)
            .build());
    ServerPush push = player.next();
    assertThat(push.getType()).isEqualTo(PushType.PUSH_HEARTBEAT_RESP);
    return HeartbeatResponse.parseFrom(push.getPayload());
  }
}
