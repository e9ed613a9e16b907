package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.config.OfflineConfig;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.gateway.support.SessionBounds;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushOutcome;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pushes for players without a session, over real sockets. */
class OfflineTest {
  private static final String PLAYER = "10000";
  private static final int MESSAGES = 20;

  private RunningGateway gateway;
  private RawZone zone;

  @BeforeEach
  void start() {
    open(Duration.ofMinutes(1));
  }

  private void open(Duration ttl) {
    gateway =
        RunningGateway.start(
            new RunningGateway.Settings()
                .offline(new OfflineConfig(true, MESSAGES, 64 << 10, 1_000, 1 << 20, ttl)));
    zone = gateway.zone("003");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void storedOnesComeFirstAndLaterOnesAfterThem() {
    for (int i = 1; i <= 3; i++) {
      UnicastPushResponse answer = zone.push(PLAYER, "stored " + i);
      assertThat(answer.getSuccess()).isTrue();
      assertThat(answer.getMessage()).isEqualTo("stored");
      assertThat(answer.getOutcome()).isEqualTo(PushOutcome.PUSH_STORED);
    }
    assertThat(gateway.metrics())
        .contains("gatesvr_offline_messages 3.0", "gatesvr_offline_players 1.0");
    RawPlayer player = gateway.login(PLAYER);
    UnicastPushResponse live = zone.push(PLAYER, "live");
    assertThat(live.getOutcome()).isEqualTo(PushOutcome.PUSH_DELIVERED);
    for (String text : List.of("stored 1", "stored 2", "stored 3", "live")) {
      assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo(text);
    }
    assertThat(player.lastSeq()).isEqualTo(4);
    assertNothingStored();
  }

  private void assertNothingStored() {
    assertThat(gateway.metrics())
        .contains("gatesvr_offline_messages 0.0")
        .contains("gatesvr_offline_bytes 0.0")
        .contains("gatesvr_offline_players 0.0");
  }

  @Test
  void whatTheSessionHasIsNotStoredAgain() {
    zone.push(PLAYER, "stored");
    RawPlayer player = gateway.login(PLAYER);
    player.nextBody();
    player.cut();
    UnicastPushResponse away = zone.push(PLAYER, "queued");
    assertThat(away.getOutcome()).isIn(PushOutcome.PUSH_QUEUED, PushOutcome.PUSH_DELIVERED);
    assertNothingStored();
    RawPlayer again = gateway.connect();
    assertThat(again.start(PLAYER, 1).getResumed()).isTrue();
    assertThat(again.nextBody().getData().toStringUtf8()).isEqualTo("queued");
  }

  @Test
  void fullIsSaidAndOtherTargetsAreNotStored() {
    for (int i = 0; i < MESSAGES; i++) {
      assertThat(zone.push(PLAYER, "x").getSuccess()).isTrue();
    }
    UnicastPushResponse full = zone.push(PLAYER, "one more");
    assertThat(full.getSuccess()).isFalse();
    assertThat(full.getErrorCode()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(full.getOutcome()).isEqualTo(PushOutcome.PUSH_REFUSED);
    assertThat(zone.push("11", "y".repeat(70_000)).getErrorCode()).isEqualTo("TOO_LARGE");
    UnicastPushResponse session =
        zone.push("session", "no-such", "x", NotifySyncHint.NSH_IMMEDIATELY, 0);
    assertThat(session.getErrorCode()).isEqualTo("TARGET_NOT_FOUND");
    assertThat(session.getOutcome()).isEqualTo(PushOutcome.PUSH_REFUSED);
    assertThat(zone.push("openid", "12", "x", NotifySyncHint.NSH_AFTER_RESPONSE, 1).getErrorCode())
        .isEqualTo("TARGET_NOT_FOUND");
    assertThat(zone.push("o".repeat(129), "x").getErrorCode()).isEqualTo("TARGET_NOT_FOUND");
    assertThat(gateway.metrics()).contains("gatesvr_offline_players 1.0");
    RawPlayer player = gateway.login(PLAYER);
    for (int i = 0; i < MESSAGES; i++) {
      player.nextBody();
    }
  }

  @Test
  void expiredOnesAreGoneFromTheGauges() {
    gateway.close();
    open(Duration.ofSeconds(1));
    zone.push(PLAYER, "old");
    RunningGateway.eventually(
        () -> gateway.metrics().contains("gatesvr_offline_removed_total{reason=\"expired\",} 1.0"));
    assertNothingStored();
    RawPlayer player = gateway.login(PLAYER);
    zone.push(PLAYER, "new");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("new");
  }

  /** The process holds as much as it may, so even an empty session takes nothing at first. */
  @Test
  void whatALoginCannotTakeFollowsBeforeAnythingLater() {
    gateway.close();
    gateway =
        RunningGateway.start(
            new RunningGateway.Settings()
                .session(SessionBounds.usual().totalBytes(1 << 20).config())
                .offline(
                    new OfflineConfig(
                        true, MESSAGES, 64 << 10, 1_000, 1 << 20, Duration.ofMinutes(1))));
    zone = gateway.zone("003");
    RawPlayer hog = gateway.login("player-1");
    for (int i = 0; i < 3; i++) {
      zone.push("player-1", "x".repeat(250_000));
      hog.nextBody();
    }
    zone.push(PLAYER, "stored 1");
    zone.push(PLAYER, "stored 2");
    RawPlayer player = gateway.login(PLAYER);
    assertThat(zone.push(PLAYER, "too early").getErrorCode()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(gateway.metrics()).contains("gatesvr_offline_messages 2.0");
    hog.ack(3);
    RunningGateway.eventually(() -> gateway.metrics().contains("gatesvr_message_queue_size 0.0"));
    player.send(RequestType.REQUEST_HEARTBEAT, 0, HeartbeatRequest.getDefaultInstance());
    assertThat(player.next().getType()).isEqualTo(PushType.PUSH_HEARTBEAT_RESP);
    zone.push(PLAYER, "live");
    for (String text : List.of("stored 1", "stored 2", "live")) {
      assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo(text);
    }
    assertNothingStored();
  }

  /** Logins in the middle of a row of pushes, each sent when the one before was answered. */
  @Test
  void loginInTheMiddleLosesAndReordersNothing() throws Exception {
    int players = 60;
    try (ExecutorService pushers = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<Void>> rows = new ArrayList<>();
      List<RawPlayer> online = new ArrayList<>();
      for (int i = 0; i < players; i++) {
        String openid = "p" + i;
        CompletableFuture<Void> begun = new CompletableFuture<>();
        int wait = i % 4;
        rows.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int n = 0; n < MESSAGES; n++) {
                    if (n == wait) {
                      begun.complete(null);
                    }
                    UnicastPushResponse answer = zone.push(openid, "m" + n);
                    assertThat(answer.getSuccess()).as("%s", answer).isTrue();
                  }
                },
                pushers));
        begun.join();
        online.add(gateway.login(openid));
      }
      rows.forEach(CompletableFuture::join);
      for (RawPlayer player : online) {
        List<String> got =
            IntStream.range(0, MESSAGES)
                .mapToObj(n -> player.nextBody().getData().toStringUtf8())
                .toList();
        assertThat(got).isEqualTo(IntStream.range(0, MESSAGES).mapToObj(n -> "m" + n).toList());
      }
    }
    assertNothingStored();
  }

  /** After every way a session can end, nothing of it is left anywhere. */
  @Test
  void everyIndexIsEmptyAfterwards() {
    gateway.close();
    gateway =
        RunningGateway.start(
            new RunningGateway.Settings()
                .sessionTimeout(Duration.ofSeconds(1))
                .offline(
                    new OfflineConfig(
                        true, MESSAGES, 64 << 10, 1_000, 1 << 20, Duration.ofMinutes(1))));
    zone = gateway.zone("003");
    List<String> openids = List.of("10000", "99999", "player-1");
    openids.forEach(openid -> zone.push(openid, "stored"));
    List<RawPlayer> players = openids.stream().map(gateway::login).toList();
    openids.forEach(openid -> zone.push(openid, "unacknowledged"));
    assertThat(gateway.metrics())
        .contains("gatesvr_session_count 3.0", "gatesvr_message_queue_size 6.0");
    players.get(0).cut();
    players.get(1).send(RequestType.REQUEST_STOP, 0, StopRequest.getDefaultInstance());
    assertThat(gateway.post("/sessions/kick?openid=player-1").statusCode()).isEqualTo(200);
    RunningGateway.eventually(() -> gateway.metrics().contains("gatesvr_session_count 0.0"));
    RunningGateway.eventually(() -> gateway.metrics().contains("gatesvr_active_connections 0.0"));
    assertThat(gateway.metrics())
        .contains("gatesvr_message_queue_size 0.0")
        .contains("gatesvr_message_queue_bytes 0.0")
        .contains("gatesvr_zone_distribution{zone=\"003\",} 0.0")
        .contains("gatesvr_session_events_total{event=\"expired\",} 1.0")
        .contains("gatesvr_session_events_total{event=\"stopped\",} 1.0")
        .contains("gatesvr_session_events_total{event=\"kicked\",} 1.0");
    assertNothingStored();
    assertThat(gateway.get("/sessions").body()).contains("\"total_sessions\":0,\"sessions\":[]");
    assertThat(zone.push(PLAYER, "again").getOutcome()).isEqualTo(PushOutcome.PUSH_STORED);
  }
}
