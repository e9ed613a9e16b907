package dev.gatesvr.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.HeartbeatResponse;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.SendResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gaps, kicks, go-aways, and acknowledgements that ride on other messages. */
class SignalsTest {
  private static final ServerAddress NAMED = new ServerAddress("other", 7);

  private static void gap(CoreHarness h, long first, long last) {
    h.frame(
        PushType.PUSH_GAP,
        0,
        last,
        Gap.newBuilder()
            .setFirstSeqId(first)
            .setLastSeqId(last)
            .setReason(Gap.Reason.CAPACITY)
            .build());
  }

  private static void goAway(CoreHarness h, int retryAfterMillis, String... addresses) {
    h.frame(
        PushType.PUSH_GO_AWAY,
        0,
        0,
        GoAway.newBuilder()
            .setRetryAfterMs(retryAfterMillis)
            .addAllAddresses(List.of(addresses))
            .build());
  }

  private static void kicked(CoreHarness h, Kicked.Reason reason) {
    h.frame(
        PushType.PUSH_KICKED, 0, 0, Kicked.newBuilder().setReason(reason).setDetail("d").build());
  }

  private static List<Long> acks(CoreHarness h) throws Exception {
    List<Long> acks = new java.util.ArrayList<>();
    for (ClientRequest request : h.sent(RequestType.REQUEST_ACK)) {
      acks.add(ClientAck.parseFrom(request.getPayload()).getAckedSeqId());
    }
    return acks;
  }

  // ---------------------------------------------------------------- gaps

  @Test
  void handsAGapOverInOrderAndAcknowledgesItWhenItWasHandled() throws Exception {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    h.handleAll();
    h.push(1);
    gap(h, 2, 5);
    h.push(6);
    assertThat(h.delivered).extracting(it -> it.position().seq()).containsExactly(1L, 5L, 6L);
    assertThat(h.delivered(Inbound.Missed.class))
        .containsExactly(new Inbound.Missed(new Inbound.Position(2, 5), 2, Gap.Reason.CAPACITY));
    h.core.onHandled(2, new Inbound.Position(2, 5), h.now);
    h.later(20);
    assertThat(acks(h)).containsExactly(5L);
    assertThat(h.core.stats().positionsMissed()).isEqualTo(4);
    assertThat(h.core.stats().pushesReceived()).isEqualTo(2);
  }

  @Test
  void tellsOnlyWhatIsReallyMissing() {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    h.push(1);
    h.push(2);
    gap(h, 1, 4);
    assertThat(h.delivered(Inbound.Missed.class).getFirst().firstSeq()).isEqualTo(3);
    gap(h, 3, 4);
    assertThat(h.delivered(Inbound.Missed.class)).hasSize(1);
    h.push(5);
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    assertThat(h.core.stats().duplicatesDropped()).isEqualTo(1);
  }

  @Test
  void acknowledgesARepeatedGapAgain() throws Exception {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    gap(h, 1, 4);
    h.handleAll();
    h.later(20);
    gap(h, 1, 4);
    h.later(20);
    assertThat(acks(h)).containsExactly(4L, 4L);
  }

  @ParameterizedTest
  @CsvSource({"3, 4, 4", "0, 4, 4", "5, 4, 4", "2, 4, 5", "2, 4, 0"})
  void takesAGapThatJumpsOrContradictsItselfForAHole(long first, long last, long seq) {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    h.push(1);
    h.frame(
        PushType.PUSH_GAP,
        0,
        seq,
        Gap.newBuilder().setFirstSeqId(first).setLastSeqId(last).build());
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    assertThat(h.hungUp).containsExactly(CloseCode.MALFORMED);
    assertThat(h.delivered(Inbound.Missed.class)).isEmpty();
  }

  @Test
  void ignoresSignalsThatItDoesNotKnow() throws Exception {
    CoreHarness h = new CoreHarness();
    ServerPush unknown = ServerPush.newBuilder().setTypeValue(99).build();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.core.onFrame(unknown, h.now);
    assertThat(h.core.state()).isEqualTo(ClientState.STARTING);
    h.started(CoreHarness.withToken("t").setEpoch(1));
    h.core.onTime(h.now);
    h.core.onFrame(unknown, h.now);
    h.core.onFrame(unknown.toBuilder().setSeqId(1).build(), h.now);
    h.push(2);
    h.handleAll();
    h.later(20);
    assertThat(acks(h)).containsExactly(2L);
  }

  // ---------------------------------------------------------------- kicks

  @ParameterizedTest
  @CsvSource({"REPLACED, REPLACED", "OPERATOR, KICKED", "UNKNOWN, KICKED"})
  void closesForGoodWhenKickedAndSaysWhy(Kicked.Reason reason, CloseCode code) {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    List<Outcome> open = h.ask("a", 1_000);
    kicked(h, reason);
    assertThat(h.core.state()).isEqualTo(ClientState.CLOSED);
    assertThat(h.delivered(Inbound.KickedOut.class))
        .containsExactly(new Inbound.KickedOut(reason, "d"));
    assertThat(h.delivered.getLast())
        .isInstanceOfSatisfying(
            Inbound.Closed.class,
            closed -> {
              assertThat(closed.reason().code()).isEqualTo(code);
              assertThat(closed.reason().byPeer()).isTrue();
            });
    int told = h.delivered.size();
    h.push(1);
    h.core.resume(h.now);
    assertThat(h.delivered).hasSize(told);
    assertThat(h.dialled).hasSize(1);
    h.handleAll();
    assertThat(open).containsExactly(new Outcome.Failed(Outcome.Failure.CLOSED, true));
  }

  @Test
  void isKickedBeforeItsStartIsAnsweredToo() {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    h.reconnect();
    kicked(h, Kicked.Reason.OPERATOR);
    assertThat(h.core.state()).isEqualTo(ClientState.CLOSED);
  }

  @ParameterizedTest
  @CsvSource({"REPLACED, REPLACED", "KICKED, OPERATOR"})
  void readsAKickFromTheCloseCodeOfAGatewayWithoutSignals(CloseCode code, Kicked.Reason reason) {
    CoreHarness h = new CoreHarness().ready();
    h.closed(code);
    assertThat(h.delivered(Inbound.KickedOut.class))
        .extracting(Inbound.KickedOut::reason)
        .containsExactly(reason);
    assertThat(h.core.state()).isEqualTo(ClientState.CLOSED);
  }

  // ---------------------------------------------------------------- go-away

  @Test
  void waitsAsAskedAndGoesWhereItIsSent() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    goAway(h, 200, "other:7", "third:8");
    assertThat(h.delivered(Inbound.SentAway.class).getFirst().addresses())
        .containsExactly(NAMED, new ServerAddress("third", 8));
    h.closed(CloseCode.GOING_AWAY);
    h.later(199);
    assertThat(h.dialled).containsExactly(CoreHarness.FIRST);
    h.later(51);
    assertThat(h.dialled).containsExactly(CoreHarness.FIRST, NAMED);
    h.core.onConnected(h.now);
    assertThat(h.start().getResumeToken().toStringUtf8()).isEqualTo("one");
  }

  @Test
  void leavesByItselfWhenTheWaitIsOver() throws Exception {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    goAway(h, 200, "other:7");
    h.push(1);
    h.handleAll();
    h.later(10);
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    h.ask("a", 1_000);
    h.later(240);
    assertThat(h.hungUp).containsExactly(CloseCode.NORMAL);
    assertThat(h.dialled).containsExactly(CoreHarness.FIRST, NAMED);
    assertThat(h.business()).hasSize(1);
  }

  @Test
  void goesToTheNextOfItsOwnWhenNoneIsNamedOrNoneOfTheNamedHelps() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    goAway(h, 0);
    h.closed(CloseCode.GOING_AWAY);
    h.dialNow();
    h.started(CoreHarness.withToken("two").setResumed(true).setEpoch(1));
    assertThat(h.dialled).containsExactly(CoreHarness.FIRST, CoreHarness.SECOND);
    goAway(h, 0, "other:7", ":9", "no address", "[::1]:8");
    h.closed(CloseCode.GOING_AWAY);
    for (int i = 0; i < 4; i++) {
      h.core.resume(h.now);
      h.closed(CloseCode.CONNECTION_LOST);
    }
    assertThat(h.dialled.subList(2, 6))
        .containsExactly(NAMED, new ServerAddress("::1", 8), CoreHarness.FIRST, CoreHarness.SECOND);
  }

  @Test
  void isSentAwayBeforeItsStartIsAnsweredToo() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect();
    goAway(h, 200, "other:7");
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    h.later(199);
    assertThat(h.dialled).hasSize(2);
    h.later(500);
    assertThat(h.dialled.getLast()).isEqualTo(NAMED);
  }

  @Test
  void boundsWhatAGatewayAsksFor() {
    String[] many = new String[40];
    java.util.Arrays.setAll(many, i -> "h" + i + ":1");
    CoreHarness h = new CoreHarness().readyWithToken("one");
    goAway(h, -1, many);
    Inbound.SentAway away = h.delivered(Inbound.SentAway.class).getFirst();
    assertThat(away.addresses()).hasSize(16);
    assertThat(away.waitNanos()).isEqualTo(3_600_000L * CoreHarness.MILLI);
  }

  // ---------------------------------------------------------------- tokens on heartbeats

  @Test
  void isHeardAtOnceSoThatThePresentedTokenGoesBad() {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    assertThat(h.sent(RequestType.REQUEST_HEARTBEAT)).hasSize(1);
  }

  @Test
  void resumesWithTheTokenThatAHeartbeatBrought() throws Exception {
    CoreHarness h = new CoreHarness().readyWithToken("old");
    HeartbeatResponse fresh =
        HeartbeatResponse.newBuilder().setResumeToken(ByteString.copyFromUtf8("fresh")).build();
    h.frame(PushType.PUSH_HEARTBEAT_RESP, 0, 0, fresh);
    h.frame(PushType.PUSH_HEARTBEAT_RESP, 0, 0, HeartbeatResponse.getDefaultInstance());
    h.reconnect();
    StartRequest start = StartRequest.parseFrom(h.sent.getLast().getPayload());
    assertThat(start.getResumeToken().toStringUtf8()).isEqualTo("fresh");
  }

  // ---------------------------------------------------------------- acknowledgements

  @Test
  void acknowledgesOnARequestInsteadOfSeparately() {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    h.push(1);
    h.push(2);
    h.handleAll();
    h.ask("a", 1_000);
    assertThat(h.sent.getLast().getAckSeqId()).isEqualTo(2);
    h.ask("b", 1_000);
    assertThat(h.sent.getLast().getAckSeqId()).isZero();
    h.later(50);
    assertThat(h.sent(RequestType.REQUEST_ACK)).isEmpty();
    assertThat(h.core.stats().ackedSeq()).isEqualTo(2);
    assertThat(h.core.stats().acksCarried()).isEqualTo(1);
  }

  @Test
  void neverAcknowledgesOnARequestWhatWasOnlyReceived() {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    h.handleAll();
    h.push(1);
    h.push(2);
    h.core.onHandled(1, new Inbound.Position(2, 1), h.now);
    h.ask("a", 1_000);
    assertThat(h.sent.getLast().getAckSeqId()).isEqualTo(1);
  }

  @Test
  void takesAReplayForNoNewHistoryWhenItAcknowledgedAtOnce() {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    h.push(1);
    h.ask("a", 1_000);
    h.reconnect();
    // Handled between START, which said 0, and its answer.
    h.handleAll();
    h.started(CoreHarness.withToken("u").setResumed(true).setEpoch(1).setNextClientSeqId(2));
    assertThat(h.sent.getLast().getAckSeqId()).isEqualTo(1);
    h.push(1);
    assertThat(h.delivered(Inbound.Resynced.class)).isEmpty();
    assertThat(h.core.stats().duplicatesDropped()).isEqualTo(1);
  }

  @Test
  void acknowledgesLaterWhenTheRequestWasNotTaken() throws Exception {
    CoreHarness h = new CoreHarness().readyWithToken("t");
    h.push(1);
    h.handleAll();
    h.answer = SendResult.BACKPRESSURED;
    h.ask("a", 1_000);
    h.answer = SendResult.SENT;
    assertThat(h.core.stats().ackedSeq()).isZero();
    h.core.onWritable(h.now);
    assertThat(h.sent.getLast().getAckSeqId()).isEqualTo(1);
    assertThat(acks(h)).isEmpty();
  }

  @Test
  void acknowledgesOnAHeartbeat() throws Exception {
    ClientSettings slowAcks =
        ClientSettings.defaults()
            .withTimers(
                new ClientSettings.Timers(
                    1_000 * CoreHarness.MILLI,
                    1_000 * CoreHarness.MILLI,
                    10 * CoreHarness.MILLI,
                    true,
                    20 * CoreHarness.MILLI));
    CoreHarness h = new CoreHarness(slowAcks).readyWithToken("t");
    h.push(1);
    h.handleAll();
    h.later(10);
    assertThat(h.sent(RequestType.REQUEST_HEARTBEAT).getLast().getAckSeqId()).isEqualTo(1);
    h.later(9);
    h.later(1);
    assertThat(acks(h)).isEmpty();
  }

  @Test
  void acknowledgesSeparatelyToAGatewayThatReadsNothingElse() throws Exception {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    h.handleAll();
    h.ask("a", 1_000);
    assertThat(h.sent.getLast().getAckSeqId()).isZero();
    h.later(20);
    assertThat(acks(h)).containsExactly(1L);
  }

  // ---------------------------------------------------------------- round trips

  @Test
  void echoesTheGatewaysClockWithTheTimeItWasHeld() throws Exception {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.started(StartResponse.newBuilder().setHeartbeatInterval(1));
    h.later(1_000);
    ClientRequest first = h.sent(RequestType.REQUEST_HEARTBEAT).getFirst();
    assertThat(HeartbeatRequest.parseFrom(first.getPayload()).getEchoServerMicros()).isZero();
    HeartbeatResponse response = HeartbeatResponse.newBuilder().setServerMicros(77).build();
    h.frame(PushType.PUSH_HEARTBEAT_RESP, first.getMsgId(), 0, response);
    h.later(1_000);
    HeartbeatRequest second =
        HeartbeatRequest.parseFrom(h.sent(RequestType.REQUEST_HEARTBEAT).getLast().getPayload());
    assertThat(second.getEchoServerMicros()).isEqualTo(77);
    assertThat(second.getHeldMicros()).isEqualTo(1_000_000);
    // Another gateway has another clock.
    h.reconnect(StartResponse.newBuilder().setHeartbeatInterval(1));
    h.later(1_000);
    HeartbeatRequest third =
        HeartbeatRequest.parseFrom(h.sent(RequestType.REQUEST_HEARTBEAT).getLast().getPayload());
    assertThat(third.getEchoServerMicros()).isZero();
  }
}
