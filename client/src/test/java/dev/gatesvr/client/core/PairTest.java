package dev.gatesvr.client.core;

import static dev.gatesvr.client.core.CoreHarness.FIRST;
import static dev.gatesvr.client.core.CoreHarness.MILLI;
import static dev.gatesvr.client.core.CoreHarness.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.SendResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of two gateways: where it dials, and how the second connection takes over. */
class PairTest {
  private static final ServerAddress A = new ServerAddress("a", 1);
  private static final ServerAddress B = new ServerAddress("b", 1);

  private static StartResponse.Builder started(String token, String... gateways) {
    return CoreHarness.withToken(token)
        .setSuccess(true)
        .setResumed(!token.equals("t1"))
        .setEpoch(1)
        .setNextClientSeqId(1)
        .addAllGateways(List.of(gateways));
  }

  private static CoreHarness attached(CoreHarness h, String... gateways) {
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.started(started("t1", gateways));
    h.core.onTime(h.now);
    return h;
  }

  /** Attached at {@code a}, and the second connection waits at {@code b}. */
  private static CoreHarness waiting() {
    return waiting(new CoreHarness());
  }

  private static CoreHarness waiting(CoreHarness h) {
    attached(h, "a:1", "b:1");
    h.later(500);
    h.core.onWarmConnected(h.now);
    warmAnswer(h, refusal(421));
    h.handleAll();
    return h;
  }

  private static StartResponse.Builder refusal(int code, String... gateways) {
    ErrorMessage error = ErrorMessage.newBuilder().setErrorCode(code).setRetryAfterMs(200).build();
    return StartResponse.newBuilder().setError(error).addAllGateways(List.of(gateways));
  }

  private static void notPrimary(CoreHarness h, String... gateways) {
    h.frame(PushType.PUSH_START_RESP, 0, 0, refusal(421, gateways).build());
  }

  private static void warm(CoreHarness h, PushType type, int msgId, MessageLite payload) {
    h.core.onWarmFrame(
        ServerPush.newBuilder()
            .setMsgId(msgId)
            .setType(type)
            .setPayload(payload.toByteString())
            .build(),
        h.now);
  }

  private static void warmAnswer(CoreHarness h, StartResponse.Builder response) {
    warm(h, PushType.PUSH_START_RESP, h.warmSent.getLast().getMsgId(), response.build());
  }

  private static void offer(CoreHarness h) {
    warm(h, PushType.PUSH_ATTACH_OFFER, 0, GoAway.getDefaultInstance());
  }

  private static StartRequest warmStart(CoreHarness h) {
    ClientRequest newest = h.warmSent.getLast();
    assertThat(newest.getType()).isEqualTo(RequestType.REQUEST_START);
    try {
      return StartRequest.parseFrom(newest.getPayload());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static void lost(CoreHarness h) {
    h.core.onDisconnected(new CloseReason(CloseCode.CONNECTION_LOST, false, ""), h.now);
  }

  // ---------------------------------------------------------------- addresses

  @Test
  void triesWhereItWasThenThePairThenItsOwn() {
    CoreHarness h = attached(new CoreHarness(), "a:1", "b:1");
    h.dialled.clear();
    for (int i = 0; i < 5; i++) {
      lost(h);
      h.core.resume(h.now);
    }
    assertThat(h.dialled).containsExactly(FIRST, A, B, SECOND, FIRST);
  }

  @Test
  void leavesOutAddressesThatNameNoMachine() {
    CoreHarness h = attached(new CoreHarness(), ":8453", "0.0.0.0:8453", "[::]:8453", "b:1", "no");
    h.dialled.clear();
    for (int i = 0; i < 3; i++) {
      lost(h);
      h.core.resume(h.now);
    }
    assertThat(h.dialled).containsExactly(FIRST, B, SECOND);
  }

  @Test
  void takesNoMoreAddressesThanItCanHold() {
    String[] many = new String[100];
    for (int i = 0; i < many.length; i++) {
      many[i] = "g" + i + ":1";
    }
    CoreHarness h = attached(new CoreHarness(), many);
    h.dialled.clear();
    for (int i = 0; i < 19; i++) {
      lost(h);
      h.core.resume(h.now);
    }
    assertThat(h.dialled).last().isEqualTo(FIRST);
    assertThat(h.dialled).contains(new ServerAddress("g15", 1), SECOND);
    assertThat(h.dialled).doesNotContain(new ServerAddress("g16", 1));
  }

  @Test
  void keepsToItsOwnAddressesWhereItMayNotLearn() {
    CoreHarness h =
        attached(
            new CoreHarness(
                ClientSettings.defaults()
                    .withStandby(ClientSettings.Standby.defaults().withLearnGateways(false))),
            "a:1",
            "b:1");
    h.later(500);
    assertThat(h.warmDialled).containsExactly(SECOND);
    h.dialled.clear();
    for (int i = 0; i < 3; i++) {
      lost(h);
      h.core.resume(h.now);
    }
    assertThat(h.dialled).containsExactly(FIRST, SECOND, FIRST);
  }

  // ---------------------------------------------------------------- 421

  @Test
  void goesAtOnceToThePrimaryThatTheStandbyNames() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    notPrimary(h, "a:1", "first:1");
    assertThat(h.dialled).containsExactly(FIRST, A);
    assertThat(h.core.state()).isEqualTo(ClientState.CONNECTING);
    assertThat(h.core.stats().notPrimary()).isEqualTo(1);
    h.core.onConnected(h.now);
    h.started(started("t1", "a:1", "first:1"));
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    assertThat(h.core.stats().failovers()).isZero();
  }

  @Test
  void keepsItsSessionAndItsRequestsOnTheWay() {
    CoreHarness h = attached(new CoreHarness());
    h.ask("one", 60_000);
    h.push(1);
    h.handleAll();
    h.reconnect();
    notPrimary(h, "a:1");
    h.core.onConnected(h.now);
    assertThat(h.start().getResumeToken().toStringUtf8()).isEqualTo("t1");
    assertThat(h.start().getLastAckedSeqId()).isEqualTo(1);
    h.started(started("t2"));
    assertThat(h.business()).containsExactly("one@1", "one@1");
  }

  @Test
  void doesNotRunBetweenTwoThatNameEachOther() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    notPrimary(h, "a:1");
    h.core.onConnected(h.now);
    for (int i = 0; i < 20; i++) {
      notPrimary(h, i % 2 == 0 ? "first:1" : "a:1");
      assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
      assertThat(h.core.nextDeadlineNanos() - h.now).isGreaterThanOrEqualTo(200 * MILLI);
      h.now = h.core.nextDeadlineNanos();
      h.core.onTime(h.now);
      h.core.onConnected(h.now);
    }
    h.started(started("t1"));
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
  }

  @Test
  void waitsAtAStandbyThatNamesNobodyElse() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    notPrimary(h, "first:1", "a:1");
    assertThat(h.dialled).containsExactly(FIRST);
    assertThat(h.core.nextDeadlineNanos() - h.now).isGreaterThanOrEqualTo(200 * MILLI);
  }

  @Test
  void asksTheStandbyOnceMoreBeforeAPrimaryThatCannotBeReached() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    notPrimary(h, "a:1");
    lost(h);
    h.core.resume(h.now);
    h.core.onConnected(h.now);
    notPrimary(h, "a:1");
    h.core.resume(h.now);
    assertThat(h.dialled).containsExactly(FIRST, A, SECOND, SECOND);
  }

  @Test
  void doesNotCountARedirectAsAnAttempt() {
    ClientSettings.Reconnect r = ClientSettings.Reconnect.defaults();
    CoreHarness h =
        new CoreHarness(
            ClientSettings.defaults()
                .withReconnect(
                    new ClientSettings.Reconnect(r.baseNanos(), r.capNanos(), 1, r.stableNanos())));
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    notPrimary(h, "a:1");
    assertThat(h.core.state()).isEqualTo(ClientState.CONNECTING);
    lost(h);
    assertThat(h.core.state()).isEqualTo(ClientState.CLOSED);
  }

  // ---------------------------------------------------------------- the second connection

  @Test
  void holdsASecondConnectionToTheOtherGateway() {
    CoreHarness h = waiting();
    assertThat(h.warmDialled).containsExactly(B);
    assertThat(h.core.stats().warmConnections()).isEqualTo(1);
    assertThat(h.dialled).containsExactly(FIRST);
  }

  @Test
  void holdsNoneWithoutAPairOrWhereItIsNotWanted() {
    CoreHarness alone = attached(new CoreHarness(), "a:1");
    alone.later(60_000);
    assertThat(alone.warmDialled).isEmpty();
    CoreHarness unwanted =
        attached(
            new CoreHarness(
                ClientSettings.defaults()
                    .withStandby(ClientSettings.Standby.defaults().withWarm(false))),
            "a:1",
            "b:1");
    unwanted.later(60_000);
    assertThat(unwanted.warmDialled).isEmpty();
  }

  @Test
  void goesOnAtTheStandbyWhenThatOffersWhileItsOwnConnectionIsSilent() {
    CoreHarness h = waiting();
    h.ask("one", 60_000);
    h.push(1);
    h.handleAll();
    offer(h);
    assertThat(warmStart(h).getWarm()).isFalse();
    assertThat(warmStart(h).getLastAckedSeqId()).isEqualTo(1);
    assertThat(h.core.state()).as("until it is accepted").isEqualTo(ClientState.READY);
    assertThat(h.promoted).isZero();
    h.push(2);
    h.handleAll();
    warmAnswer(h, started("t2", "b:1", "a:1"));
    assertThat(h.promoted).isEqualTo(1);
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    assertThat(h.delivered).containsExactly(new Inbound.FailedOver(B), new Inbound.Resumed());
    assertThat(h.business()).as("sent again").containsExactly("one@1", "one@1");
    assertThat(h.sent(RequestType.REQUEST_STOP)).isEmpty();
    assertThat(h.core.stats().failovers()).isEqualTo(1);
    h.push(2);
    h.push(3);
    assertThat(h.core.stats().duplicatesDropped()).isEqualTo(1);
    assertThat(h.delivered(Inbound.Pushed.class)).hasSize(1);
    h.later(500);
    assertThat(h.warmDialled).as("the other way round").containsExactly(B, A);
  }

  @Test
  void sendsWhereItWentOnAlthoughTheConnectionBeforeTookNothingMore() {
    CoreHarness h = waiting();
    h.answer = SendResult.BACKPRESSURED;
    h.ask("one", 60_000);
    h.answer = SendResult.SENT;
    offer(h);
    assertThat(h.business()).isEmpty();
    warmAnswer(h, started("t2", "b:1", "a:1"));
    assertThat(h.business()).containsExactly("one@1");
  }

  @Test
  void readsNoMoreThanItsApplicationHandlesWhereItWentOn() {
    ClientSettings.Bounds b = ClientSettings.Bounds.defaults();
    CoreHarness h =
        waiting(
            new CoreHarness(
                ClientSettings.defaults()
                    .withBounds(
                        new ClientSettings.Bounds(
                            b.outstandingMax(),
                            b.waitingMax(),
                            4,
                            b.ackEvery(),
                            b.heartbeatMissesMax()))));
    for (int seq = 1; seq <= 4; seq++) {
      h.push(seq);
    }
    assertThat(h.reading).last().isEqualTo(false);
    h.reading.clear();
    offer(h);
    warmAnswer(h, started("t2", "b:1", "a:1"));
    assertThat(h.reading).as("the new connection too").containsExactly(false);
    h.handleAll();
    assertThat(h.reading).containsExactly(false, true);
  }

  @Test
  void acknowledgesAgainWhatOnlyTheConnectionBeforeHeardOf() throws Exception {
    CoreHarness h = waiting();
    offer(h);
    h.push(1);
    h.handleAll();
    h.later(20);
    assertThat(h.core.stats().ackedSeq()).isEqualTo(1);
    int before = h.sent.size();
    warmAnswer(h, started("t2", "b:1", "a:1"));
    h.later(20);
    assertThat(h.sent.subList(before, h.sent.size()))
        .anySatisfy(request -> assertThat(request.getAckSeqId()).isEqualTo(1));
  }

  @Test
  void isHeardAtOnceWhereItWentOn() {
    CoreHarness h = waiting();
    int before = h.sent(RequestType.REQUEST_HEARTBEAT).size();
    offer(h);
    warmAnswer(h, started("t2", "b:1", "a:1"));
    h.core.onTime(h.now);
    assertThat(h.sent(RequestType.REQUEST_HEARTBEAT)).hasSize(before + 1);
  }

  @Test
  void asksTheStandbyAtOnceWhenItsOwnConnectionIsLost() {
    CoreHarness h = waiting();
    lost(h);
    assertThat(warmStart(h).getWarm()).isTrue();
    warmAnswer(h, refusal(421));
    h.later(50);
    assertThat(h.dialled).as("and comes back as ever").hasSize(2);
    offer(h);
    warmAnswer(h, started("t2", "b:1", "a:1"));
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    assertThat(h.promoted).isEqualTo(1);
  }

  @Test
  void dialsElsewhereThanItWaitsUntilItHasWaitedLongEnough() {
    CoreHarness h = waiting();
    lost(h);
    warmAnswer(h, refusal(421));
    h.dialled.clear();
    for (int i = 0; i < 8; i++) {
      h.core.resume(h.now);
      lost(h);
    }
    assertThat(h.dialled).isNotEmpty().doesNotContain(B);
    h.later(10_000);
    for (int i = 0; i < 4; i++) {
      h.core.resume(h.now);
      lost(h);
    }
    assertThat(h.dialled).contains(B);
  }

  @Test
  void asksWhereItWaitsWhenThatIsNamedThePrimary() {
    CoreHarness h = waiting();
    lost(h);
    warmAnswer(h, refusal(421));
    h.dialNow();
    int asked = h.warmSent.size();
    int dialled = h.dialled.size();
    notPrimary(h, "b:1", "a:1");
    assertThat(h.warmSent).hasSize(asked + 1);
    assertThat(h.dialled).hasSize(dialled);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 411, 503})
  void keepsAConnectionThatLivesWhenWhatWasOfferedIsRefused(int code) {
    CoreHarness h = waiting();
    offer(h);
    warmAnswer(h, refusal(code));
    h.later(1_000);
    h.frame(
        PushType.PUSH_HEARTBEAT_RESP,
        h.sent(RequestType.REQUEST_HEARTBEAT).getLast().getMsgId(),
        0,
        GoAway.getDefaultInstance());
    h.later(5_000);
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    assertThat(h.core.stats().failovers()).isZero();
    assertThat(h.core.stats().attaches()).isEqualTo(1);
  }

  @Test
  void comesBackToWhoeverOfferedWhenItsOwnConnectionIsSilent() {
    CoreHarness h = waiting();
    offer(h);
    warmAnswer(h, refusal(411));
    h.later(0);
    h.later(2_000);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    h.core.resume(h.now);
    assertThat(h.dialled).last().isEqualTo(B);
    h.core.onConnected(h.now);
    assertThat(h.start().getResumeToken().toStringUtf8()).isEqualTo("t1");
  }

  @Test
  void takesWhatThePairLostForLost() {
    CoreHarness h = waiting();
    h.push(1);
    h.handleAll();
    offer(h);
    warmAnswer(
        h,
        StartResponse.newBuilder()
            .setSuccess(true)
            .setEpoch(2)
            .setNextClientSeqId(1)
            .setResumeToken(ByteString.copyFromUtf8("t2")));
    h.push(1);
    assertThat(h.delivered(Inbound.Resynced.class)).hasSize(1);
    assertThat(h.delivered(Inbound.Pushed.class)).hasSize(1);
  }

  @Test
  void isOffWhileSuspendedAndAfterTheEnd() {
    CoreHarness h = waiting();
    h.core.suspend(h.now);
    offer(h);
    h.later(60_000);
    assertThat(h.warmHungUp).isEqualTo(1);
    assertThat(h.promoted).isZero();
    CoreHarness closed = waiting();
    closed.core.close(dev.gatesvr.proto.StopRequest.Reason.APP_CLOSE);
    assertThat(closed.warmHungUp).isEqualTo(1);
    assertThat(closed.core.nextDeadlineNanos()).isEqualTo(ClientCore.NEVER);
  }

  // ---------------------------------------------------------------- planned

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

  @Test
  void leavesOverTheSecondConnectionWhenItIsTime() {
    CoreHarness h = waiting();
    int before = h.warmSent.size();
    goAway(h, 300, "b:1");
    h.later(299);
    assertThat(h.warmSent).hasSize(before);
    h.later(100);
    assertThat(warmStart(h).getWarm()).isTrue();
    warmAnswer(h, refusal(421));
    offer(h);
    warmAnswer(h, started("t2", "b:1", "a:1"));
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    assertThat(h.dialled).as("without a handshake").containsExactly(FIRST);
  }

  @Test
  void followsAnOfferBeforeItIsTime() {
    CoreHarness h = waiting();
    goAway(h, 300, "b:1");
    offer(h);
    warmAnswer(h, started("t2", "b:1", "a:1"));
    h.later(1_000);
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    assertThat(h.core.stats().attaches()).isEqualTo(2);
  }

  @Test
  void asksNotBeforeItIsTimeWhenTheGatewayClosesFirst() {
    CoreHarness h = waiting();
    int before = h.warmSent.size();
    goAway(h, 300, "b:1");
    h.closed(CloseCode.GOING_AWAY);
    h.later(299);
    assertThat(h.warmSent).hasSize(before);
    h.later(100);
    assertThat(h.warmSent).hasSize(before + 1);
  }

  @Test
  void dialsAfterAllWhenNothingComesOfIt() {
    CoreHarness h = waiting();
    goAway(h, 0, "c:1", "b:1");
    h.later(100);
    warmAnswer(h, refusal(421));
    h.later(2_000);
    assertThat(h.dialled).containsExactly(FIRST, new ServerAddress("c", 1));
  }
}
