package dev.gatesvr.gateway.pair;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.Response;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.upstream.service.Notice;
import dev.gatesvr.upstream.service.PushResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two gateways that act as one, in one process. */
class PairTest {
  /** An OpenID of zone 001. */
  private static final String PLAYER = "10005";

  private final RunningPair pair = new RunningPair(BackupConfig.Replication.SYNC);
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<String> signals = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    pair.close();
  }

  private GatewayClient connect() {
    return GatewayClient.builder()
        .server("127.0.0.1:" + pair.a().gateway().quicAddress().getPort())
        .openid(PLAYER)
        .token("any")
        .insecure()
        .onPush(push -> received.add(push.content()))
        .onGap((first, last, reason) -> signals.add("gap"))
        .onResync((reason, detail) -> signals.add("resync " + reason))
        .connect();
  }

  private PushResult push(String text) throws Exception {
    return pair.zone()
        .gateways()
        .pushToPlayer(PLAYER, Notice.of("t", "", text))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static Response work(GatewayClient client, String name) throws Exception {
    return client
        .request("work", Map.of(), ByteString.copyFromUtf8(name), Duration.ofSeconds(15))
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void switchesOverAndBackWithoutLosingAnything() throws Exception {
    pair.awaitPaired(pair.a());
    assertThat(pair.b().get("/ready").statusCode()).isEqualTo(503);
    List<String> pushed = new ArrayList<>();
    try (GatewayClient client = connect()) {
      work(client, "first");
      for (int round = 0; round < 3; round++) {
        RunningGateway from = round % 2 == 0 ? pair.a() : pair.b();
        RunningGateway to = round % 2 == 0 ? pair.b() : pair.a();
        String text = "before " + round;
        assertThat(push(text).accepted()).isTrue();
        pushed.add(text);
        assertThat(from.post("/backup/switch").body()).contains("done");
        String after = "after " + round;
        PushResult result = push(after);
        assertThat(result.accepted()).as("%s", result).isTrue();
        pushed.add(after);
        assertThat(work(client, "work " + round).data().toStringUtf8()).isEqualTo("work " + round);
        pair.awaitPaired(to);
      }
      RunningGateway.eventually(() -> received.size() >= pushed.size());
    }
    assertThat(received).isEqualTo(pushed);
    assertThat(signals).isEmpty();
    assertThat(pair.runs())
        .containsOnlyKeys(
            IntStream.rangeClosed(-1, 2).mapToObj(i -> i < 0 ? "first" : "work " + i).toList());
    assertThat(pair.runs().values()).containsOnly(1);
  }

  private static StartResponse start(RawPlayer player, StartRequest.Builder start) {
    player.send(RequestType.REQUEST_START, 0, start.build());
    return RawPlayer.startResponse(player.next());
  }

  @Test
  void aStandbyNamesThePrimaryAndOffersItselfAfterATakeover() {
    pair.awaitPaired(pair.a());
    String primary = "127.0.0.1:" + pair.a().gateway().quicAddress().getPort();
    StartRequest.Builder start =
        StartRequest.newBuilder().setOpenid(PLAYER).setProtocolLevel(1).setAuthToken("any");
    RawPlayer turnedAway = pair.b().connect();
    StartResponse answer = start(turnedAway, start.clone());
    assertThat(answer.getSuccess()).isFalse();
    assertThat(answer.getError().getErrorCode()).isEqualTo(ErrorCode.NOT_PRIMARY);
    assertThat(answer.getGatewaysList()).hasSize(2).first().isEqualTo(primary);
    assertThat(turnedAway.closed().code()).isEqualTo(CloseCode.GOING_AWAY);

    RawPlayer warm = pair.b().connect();
    assertThat(start(warm, start.clone().setWarm(true)).getSuccess()).isFalse();
    assertThat(pair.a().post("/backup/switch").body()).contains("done");
    assertThat(warm.next().getType()).isEqualTo(PushType.PUSH_ATTACH_OFFER);
    assertThat(start(warm, start.clone()).getSuccess()).isTrue();
    // At a primary there is nothing to wait for.
    RawPlayer late = pair.b().connect();
    assertThat(start(late, start.clone().setOpenid("late").setWarm(true)).getSuccess()).isFalse();
    assertThat(late.next().getType()).isEqualTo(PushType.PUSH_ATTACH_OFFER);
  }

  @Test
  void goesOnAloneWhileTheLinkIsCutAndTakesTheStandbyInAgain() throws Exception {
    pair.awaitPaired(pair.a());
    try (GatewayClient client = connect()) {
      work(client, "paired");
      pair.cutLink();
      assertThat(push("alone").accepted()).isTrue();
      assertThat(work(client, "alone").data().toStringUtf8()).isEqualTo("alone");
      RunningGateway.eventually(
          () -> pair.a().get("/backup/stats").body().contains("\"mode\":\"solo\""));
      assertThat(pair.b().get("/ready").statusCode()).isEqualTo(503);
      pair.mendLink();
      pair.awaitPaired(pair.a());
      // What was done alone is at the other now.
      assertThat(pair.a().post("/backup/switch").body()).contains("done");
      assertThat(work(client, "there").data().toStringUtf8()).isEqualTo("there");
      RunningGateway.eventually(() -> received.contains("alone"));
    }
    assertThat(received).containsExactly("alone");
    assertThat(signals).isEmpty();
    assertThat(pair.runs()).containsOnlyKeys("paired", "alone", "there");
    assertThat(pair.runs().values()).containsOnly(1);
  }
}
