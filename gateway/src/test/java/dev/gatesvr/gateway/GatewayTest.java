package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.HeartbeatResponse;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.proto.UpstreamResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One gateway, one zone of the old wire, players of the old wire; everything over real sockets. */
class GatewayTest {
  /** In zone 003. */
  private static final String PLAYER = "10000";

  private final RunningGateway gateway = RunningGateway.start();
  private final RawZone zone = gateway.zone("003");

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void answersARequestUnderItsMessageIdAndTheFirstPosition() throws Exception {
    RawPlayer player = gateway.login(PLAYER);
    int msgId = player.request("echo", "hi");
    ServerPush answer = player.next();
    assertThat(answer.getMsgId()).isEqualTo(msgId);
    assertThat(answer.getSeqId()).isEqualTo(1);
    assertThat(RawPlayer.body(answer).getData().toStringUtf8()).isEqualTo("hi");
    assertThat(zone.seen().getFirst().getOpenid()).isEqualTo(PLAYER);
    assertThat(zone.seen().getFirst().getAction()).isEqualTo("echo");
    assertThat(zone.seen().getFirst().getParamsMap()).containsEntry("p", "v");
    assertThat(zone.seen().getFirst().getClientSeqId()).isEqualTo(1);
  }

  @Test
  void startSaysIntervalSessionAndThatNothingWasResumed() {
    StartResponse start = gateway.connect().start(PLAYER, 0);
    assertThat(start.getHeartbeatInterval()).isBetween(27, 33);
    assertThat(start.getConnectionId()).isNotEmpty();
    assertThat(start.getResumed()).isFalse();
    assertThat(start.getEpoch()).isNotZero();
    assertThat(start.getNextClientSeqId()).isEqualTo(1);
  }

  @Test
  void heartbeatComesBackWithBothTimestampsOutsideTheHistory() throws Exception {
    RawPlayer player = gateway.login(PLAYER);
    long before = System.currentTimeMillis();
    player.send(
        RequestType.REQUEST_HEARTBEAT,
        0,
        HeartbeatRequest.newBuilder().setClientTimestamp(77).build());
    ServerPush push = player.next();
    assertThat(push.getType()).isEqualTo(PushType.PUSH_HEARTBEAT_RESP);
    assertThat(push.getSeqId()).isZero();
    HeartbeatResponse response = HeartbeatResponse.parseFrom(push.getPayload());
    assertThat(response.getClientTimestamp()).isEqualTo(77);
    assertThat(response.getServerTimestamp()).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void keepsTheOrderOfPipelinedRequests() {
    RawPlayer player = gateway.login(PLAYER);
    for (int i = 0; i < 60; i++) {
      player.request("echo", "r" + i);
    }
    for (int i = 0; i < 60; i++) {
      assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("r" + i);
    }
  }

  @Test
  void stopEndsTheSessionAndTheConnection() {
    RawPlayer player = gateway.login(PLAYER);
    player.send(RequestType.REQUEST_STOP, 0, StopRequest.getDefaultInstance());
    assertThat(player.closed().code()).isEqualTo(CloseCode.NORMAL);
    assertThat(zone.push(PLAYER, "late").getErrorCode()).isEqualTo("TARGET_NOT_FOUND");
  }

  // ---------------------------------------------------------------- pushes

  @Test
  void pushReachesThePlayerWithContentAndMetadata() {
    RawPlayer player = gateway.login(PLAYER);
    assertThat(zone.push(PLAYER, "hello").getSuccess()).isTrue();
    ServerPush push = player.next();
    assertThat(push.getMsgId()).isZero();
    assertThat(push.getSeqId()).isEqualTo(1);
    BusinessResponse body = RawPlayer.body(push);
    assertThat(body.getCode()).isEqualTo(200);
    assertThat(body.getMessage()).isEqualTo("[note] title");
    assertThat(body.getData().toStringUtf8()).isEqualTo("hello");
    assertThat(push.getHeadersMap())
        .containsEntry("k", "v")
        .containsEntry("x-push-content", "hello");
  }

  @Test
  void pushBySessionReachesItsPlayer() {
    RawPlayer player = gateway.connect();
    String session = player.start(PLAYER, 0).getConnectionId();
    UnicastPushResponse answer =
        zone.push("session", session, "by session", NotifySyncHint.NSH_IMMEDIATELY, 0);
    assertThat(answer.getSuccess()).isTrue();
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("by session");
  }

  @Test
  void pushToAnAbsentPlayerIsAnError() {
    UnicastPushResponse answer = zone.push("nobody", "x");
    assertThat(answer.getSuccess()).isFalse();
    assertThat(answer.getErrorCode()).isEqualTo("TARGET_NOT_FOUND");
  }

  @Test
  void broadcastReachesEverybodyOnceAndCountsThem() {
    List<RawPlayer> players =
        List.of(gateway.login("10000"), gateway.login("10001"), gateway.login("15000"));
    assertThat(zone.broadcast("to all").getSentCount()).isEqualTo(3);
    for (RawPlayer player : players) {
      assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("to all");
      assertThat(player.waiting()).isZero();
    }
  }

  @Test
  void beforeAndAfterStandAroundTheResponse() {
    RawPlayer player = gateway.login(PLAYER);
    zone.answering(
        request -> {
          long seq = request.getClientSeqId();
          push(NotifySyncHint.NSH_AFTER_RESPONSE, "after", seq);
          push(NotifySyncHint.NSH_BEFORE_RESPONSE, "before", seq);
          return RawZone.answer("response");
        });
    player.request("x", "");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("before");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("response");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("after");
    UnicastPushResponse late =
        zone.push("openid", PLAYER, "late", NotifySyncHint.NSH_AFTER_RESPONSE, 1);
    assertThat(late.getErrorCode()).isEqualTo("NOT_BOUND");
  }

  private void push(NotifySyncHint hint, String content, long seq) {
    assertThat(zone.push("openid", PLAYER, content, hint, seq).getSuccess()).isTrue();
  }

  // ---------------------------------------------------------------- upstream trouble

  @Test
  void zoneWithoutUpstreamIs503AtOnceAndConsumesNoSequence() {
    RawPlayer player = gateway.login("10001");
    player.request("echo", "x");
    ErrorMessage error = player.nextError();
    assertThat(error.getErrorCode()).isEqualTo(503);
    assertThat(error.getErrorMessage()).isEqualTo("no upstream serves zone 004");
    assertThat(error.getRetryAfterMs()).isPositive();
    assertThat(error.getRetrySameSeq()).isTrue();
    gateway.zone("004");
    player.request(1, "echo", "again");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("again");
  }

  @Test
  void answerThatFitsNoFrameIsAnErrorAndTheNextComes() {
    RawPlayer player = gateway.login(PLAYER);
    zone.answering(
        request ->
            request.getAction().equals("huge")
                ? UpstreamResponse.newBuilder()
                    .setData(ByteString.copyFrom(new byte[1_048_576]))
                    .build()
                : RawZone.echo(request));
    player.request("huge", "");
    player.request("echo", "next");
    assertThat(player.nextError().getErrorCode()).isEqualTo(500);
    assertThat(RawPlayer.body(player.next()).getData().toStringUtf8()).isEqualTo("next");
  }

  @Test
  void upstreamThatThrowsIs500AndTheNextComes() {
    RawPlayer player = gateway.login(PLAYER);
    zone.answering(
        request -> {
          if (request.getAction().equals("boom")) {
            throw new IllegalStateException("on purpose");
          }
          return RawZone.echo(request);
        });
    player.request("boom", "");
    player.request("echo", "next");
    assertThat(player.nextError().getErrorCode()).isEqualTo(500);
    assertThat(RawPlayer.body(player.next()).getData().toStringUtf8()).isEqualTo("next");
    assertThat(gateway.get("/stats").body()).contains("\"last_error\":\"zone 003: FAILED");
  }

  // ---------------------------------------------------------------- bad input

  @Test
  void firstMessageOtherThanStartIs401AndNobodyElseNotices() {
    RawPlayer good = gateway.login(PLAYER);
    RawPlayer bad = gateway.connect();
    bad.request("echo", "x");
    assertThat(bad.nextError().getErrorCode()).isEqualTo(401);
    assertThat(bad.closed().code()).isEqualTo(CloseCode.UNAUTHENTICATED);
    good.request("echo", "still here");
    assertThat(good.nextBody().getData().toStringUtf8()).isEqualTo("still here");
  }

  @Test
  void startWithoutOpenidIsRefusedInItsAnswer() {
    RawPlayer player = gateway.connect();
    player.send(RequestType.REQUEST_START, 0, StartRequest.getDefaultInstance());
    StartResponse response = RawPlayer.startResponse(player.next());
    assertThat(response.getSuccess()).isFalse();
    assertThat(response.getError().getErrorCode()).isEqualTo(400);
    assertThat(player.closed().code()).isEqualTo(CloseCode.MALFORMED);
  }

  @Test
  void wrongSequenceIs400AndTheRightOneStillWorks() {
    RawPlayer player = gateway.login(PLAYER);
    player.request(7, "echo", "x");
    ErrorMessage error = player.nextError();
    assertThat(error.getErrorCode()).isEqualTo(400);
    assertThat(error.getDetail()).isEqualTo("seq_id: 7 (expected: 1)");
    player.request(1, "echo", "fine");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("fine");
  }

  @Test
  void unknownTypeIs400AndTheConnectionGoesOn() {
    RawPlayer player = gateway.login(PLAYER);
    player.send(ClientRequest.newBuilder().setTypeValue(99));
    assertThat(player.nextError().getErrorCode()).isEqualTo(400);
    player.request("echo", "fine");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("fine");
  }

  @Test
  void secondStartIs403() {
    RawPlayer player = gateway.login(PLAYER);
    player.send(RequestType.REQUEST_START, 0, StartRequest.newBuilder().setOpenid(PLAYER).build());
    assertThat(player.nextError().getErrorCode()).isEqualTo(403);
  }

  @Test
  void acknowledgingWhatWasNeverSentClosesTheConnectionResumably() {
    RawPlayer player = gateway.login(PLAYER);
    zone.push(PLAYER, "one");
    player.nextBody();
    player.ack(5);
    assertThat(player.closed().code()).isEqualTo(CloseCode.ACK_INVALID);
    RawPlayer again = gateway.connect();
    assertThat(again.start(PLAYER, 1).getResumed()).isTrue();
  }

  // ---------------------------------------------------------------- reconnect and takeover

  @Test
  void oldClientReconnectsAndGetsExactlyWhatItHadNotAcknowledged() {
    RawPlayer player = gateway.login(PLAYER);
    player.request("echo", "r1");
    player.nextBody();
    zone.push(PLAYER, "p2");
    player.nextBody();
    player.ack(1);
    player.cut();
    zone.push(PLAYER, "p3");
    RawPlayer again = gateway.connect();
    StartResponse start = again.start(PLAYER, 1);
    assertThat(start.getResumed()).isTrue();
    assertThat(start.getNextClientSeqId()).isEqualTo(2);
    assertThat(again.nextBody().getData().toStringUtf8()).isEqualTo("p2");
    assertThat(again.nextBody().getData().toStringUtf8()).isEqualTo("p3");
    assertThat(again.lastSeq()).isEqualTo(3);
    again.continueFrom(2);
    again.request("echo", "r2");
    assertThat(again.nextBody().getData().toStringUtf8()).isEqualTo("r2");
  }

  @Test
  void positionThatIsGoneGetsAnErrorThatSaysSoAndAFreshSession() {
    RawPlayer player = gateway.connect();
    StartResponse start = player.start(PLAYER, 41);
    assertThat(start.getResumed()).isFalse();
    assertThat(player.nextError().getErrorCode()).isEqualTo(410);
    player.request(1, "echo", "fresh");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("fresh");
  }

  @Test
  void newerLoginReplacesTheOlderWhichIsTold() {
    RawPlayer old = gateway.login(PLAYER);
    RawPlayer young = gateway.login(PLAYER);
    assertThat(old.nextError().getErrorCode()).isEqualTo(409);
    assertThat(old.closed().code()).isEqualTo(CloseCode.REPLACED);
    zone.push(PLAYER, "for the young one");
    assertThat(young.nextBody().getData().toStringUtf8()).isEqualTo("for the young one");
  }

  @Test
  void sessionMovesBetweenConnectionsOnBothLoops() {
    RawPlayer player = gateway.login(PLAYER);
    long seq = 1;
    for (int round = 0; round < 12; round++) {
      player.request(seq++, "echo", "round " + round);
      assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("round " + round);
      long handled = player.lastSeq();
      RawPlayer next = gateway.connect();
      // The old connection is still open: the same session moves, nobody is kicked.
      assertThat(next.start(PLAYER, handled).getResumed()).isTrue();
      assertThat(player.closed().code()).isEqualTo(CloseCode.REATTACHED);
      player = next;
    }
  }

  // ---------------------------------------------------------------- the end

  @Test
  void gracefulStopFinishesWhatRunsAndTellsPlayers() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    zone.answering(
        request -> {
          reached.countDown();
          awaitQuietly(release);
          return RawZone.answer("finished");
        });
    RawPlayer player = gateway.login(PLAYER);
    player.request("slow", "");
    reached.await();
    Thread stopping = Thread.ofPlatform().start(gateway::stop);
    RawPlayer idle = player;
    // Stopping has begun once new requests are refused.
    idle.request("more", "");
    ErrorMessage refusal = stoppingRefusal(player, release);
    assertThat(refusal.getErrorCode()).isEqualTo(503);
    stopping.join();
    assertThat(player.closed().code()).isEqualTo(CloseCode.GOING_AWAY);
  }

  /** Whichever comes first of the answers while the gateway stops; the running one must come. */
  private static ErrorMessage stoppingRefusal(RawPlayer player, CountDownLatch release) {
    release.countDown();
    boolean finished = false;
    ErrorMessage last = ErrorMessage.getDefaultInstance();
    while (!finished || last.getErrorCode() == 0) {
      ServerPush push = player.next();
      if (push.getType() == PushType.PUSH_ERROR) {
        last = RawPlayer.error(push);
      } else {
        finished |= RawPlayer.body(push).getData().toStringUtf8().equals("finished");
      }
    }
    return last;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void statsShowTheSession() {
    RawPlayer player = gateway.login(PLAYER);
    player.request("echo", "x");
    player.nextBody();
    String stats = gateway.get("/stats").body();
    assertThat(stats)
        .contains("\"total_sessions\":1", "\"openid\":\"10000\"", "\"zone\":\"003\"")
        .contains("\"last_sent_seq\":1", "\"next_expected_seq\":2", "\"transport\":\"quic\"");
    assertThat(gateway.get("/ready").statusCode()).isEqualTo(200);
    assertThat(gateway.get("/stats/upstreams").body())
        .contains("\"zone\":\"003\"", "\"service_name\":\"raw\"");
  }
}
