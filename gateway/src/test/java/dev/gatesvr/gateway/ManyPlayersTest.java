package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.route.ZoneRouter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ManyPlayersTest {
  private static final int PLAYERS = 2_000;
  private static final int ROUNDS = 5;

  /** These players beat and acknowledge only at the end, however slow the machine is. */
  private static final RunningGateway.Settings PATIENT =
      new RunningGateway.Settings()
          .heartbeatInterval(Duration.ofMinutes(10))
          .ackTimeout(Duration.ofMinutes(20))
          .sessionTimeout(Duration.ofMinutes(20));

  /**
   * Every player sends requests while its zone pushes to it and everybody gets broadcasts. Each
   * player's history must be contiguous and hold each of its answers, pushes and broadcasts once,
   * in the order of their producers.
   */
  @Test
  void everyPlayerGetsEverythingOnceAndInOrder() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(PATIENT);
        ExecutorService workers = Executors.newFixedThreadPool(4)) {
      List<RawZone> zones = new ArrayList<>();
      for (ZoneId zone : ZoneId.values()) {
        zones.add(gateway.zone(zone.toString()));
      }
      Map<String, RawPlayer> players = login(gateway, workers);
      List<Future<?>> work = new ArrayList<>();
      players.forEach((openid, player) -> work.add(workers.submit(() -> request(player))));
      players.keySet().forEach(openid -> work.add(workers.submit(() -> push(zones, openid))));
      for (int i = 0; i < ROUNDS; i++) {
        String text = "b" + i;
        assertThat(zones.getFirst().broadcast(text).getSentCount()).isEqualTo(PLAYERS);
      }
      for (Future<?> one : work) {
        one.get();
      }
      players.forEach((openid, player) -> check(player));
      assertThat(gateway.get("/stats?limit=1").body()).contains("\"total_sessions\":" + PLAYERS);
    }
  }

  private static Map<String, RawPlayer> login(RunningGateway gateway, ExecutorService workers)
      throws Exception {
    Map<String, Future<RawPlayer>> logins = new LinkedHashMap<>();
    for (int i = 0; i < PLAYERS; i++) {
      String openid = "player-" + i;
      logins.put(openid, workers.submit(() -> gateway.login(openid)));
    }
    Map<String, RawPlayer> players = new LinkedHashMap<>();
    for (Map.Entry<String, Future<RawPlayer>> login : logins.entrySet()) {
      players.put(login.getKey(), login.getValue().get());
    }
    return players;
  }

  private static void request(RawPlayer player) {
    for (int i = 0; i < ROUNDS; i++) {
      player.request("echo", "r" + i);
    }
  }

  private static void push(List<RawZone> zones, String openid) {
    RawZone zone = zones.get(ZoneRouter.zoneOf(openid).number() - 1);
    for (int i = 0; i < ROUNDS; i++) {
      UnicastPushResponse answer = zone.push(openid, "p" + i);
      assertThat(answer.getSuccess()).as("%s", answer).isTrue();
    }
  }

  private static void check(RawPlayer player) {
    List<String> requests = new ArrayList<>();
    List<String> pushes = new ArrayList<>();
    List<String> broadcasts = new ArrayList<>();
    for (long seq = 1; seq <= 3L * ROUNDS; seq++) {
      ServerPush push = player.next();
      assertThat(push.getType()).isEqualTo(PushType.PUSH_BUSINESS_DATA);
      assertThat(push.getSeqId()).isEqualTo(seq);
      BusinessResponse body = RawPlayer.body(push);
      String text = body.getData().toStringUtf8();
      (text.startsWith("r") ? requests : text.startsWith("p") ? pushes : broadcasts).add(text);
    }
    assertThat(requests).containsExactly("r0", "r1", "r2", "r3", "r4");
    assertThat(pushes).containsExactly("p0", "p1", "p2", "p3", "p4");
    assertThat(broadcasts).containsExactly("b0", "b1", "b2", "b3", "b4");
    player.ack(3L * ROUNDS);
    assertThat(player.waiting()).isZero();
  }
}
