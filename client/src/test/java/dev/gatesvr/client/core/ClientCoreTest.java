package dev.gatesvr.client.core;

import static dev.gatesvr.client.core.CoreHarness.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.SendResult;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCoreTest {
  private static StartResponse.Builder resumed(long nextClientSeq) {
    return StartResponse.newBuilder()
        .setResumed(true)
        .setEpoch(1)
        .setNextClientSeqId(nextClientSeq);
  }

  private static StartResponse.Builder fresh() {
    return StartResponse.newBuilder().setEpoch(2).setNextClientSeqId(1);
  }

  private static CloseReason byPeer(CloseCode code) {
    return new CloseReason(code, true, "");
  }

  // ---------------------------------------------------------------- states

  @ParameterizedTest
  @CsvSource({
    "IDLE, CONNECTING SUSPENDED CLOSED",
    "CONNECTING, STARTING READY BACKOFF SUSPENDED CLOSED",
    "STARTING, READY BACKOFF SUSPENDED CLOSED",
    "READY, BACKOFF SUSPENDED CLOSED",
    "BACKOFF, CONNECTING READY SUSPENDED CLOSED",
    "SUSPENDED, CONNECTING CLOSED",
    "CLOSED, ''"
  })
  void hasTheseArrowsAndNoOthers(ClientState from, String allowed) {
    EnumSet<ClientState> found = EnumSet.noneOf(ClientState.class);
    for (ClientState to : ClientState.values()) {
      if (from.mayBecome(to)) {
        found.add(to);
      }
    }
    List<ClientState> expected = new ArrayList<>();
    for (String name : allowed.isEmpty() ? new String[0] : allowed.split(" ")) {
      expected.add(ClientState.valueOf(name));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void refusesAnEventThatItsStateDoesNotKnow() {
    CoreHarness h = new CoreHarness().ready();
    assertThatThrownBy(() -> h.core.onConnected(h.now))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("READY")
        .hasMessageContaining("STARTING");
  }

  @Test
  void startsWithPositionAndEpochOfItsHistory() throws Exception {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    h.push(2);
    h.handleAll();
    h.reconnect(resumed(1));
    StartRequest start =
        StartRequest.parseFrom(h.sent(RequestType.REQUEST_START).getLast().getPayload());
    assertThat(start.getLastAckedSeqId()).isEqualTo(2);
    assertThat(start.getEpoch()).isEqualTo(1);
    assertThat(start.getProtocolLevel()).isEqualTo(1);
    assertThat(h.sent(RequestType.REQUEST_START)).allMatch(request -> request.getSeqId() == 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 409})
  void closesWhenStartIsRefusedForGood(int code) {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.refused(code);
    assertThat(h.core.state()).isEqualTo(ClientState.CLOSED);
    assertThat(h.delivered(Inbound.Closed.class)).hasSize(1);
    assertThat(h.delivered(Inbound.Closed.class).getFirst().reason().code().reconnect()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503, 504})
  void waitsAsLongAsAskedWhenStartIsRefusedForNow(int code) {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.refused(code);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    h.later(29);
    assertThat(h.dialled).containsExactly(CoreHarness.FIRST);
    h.later(10_000);
    assertThat(h.dialled).containsExactly(CoreHarness.FIRST, CoreHarness.SECOND);
  }

  @Test
  void startsAnewWhenItsPositionIsGone() throws Exception {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    h.handleAll();
    h.core.onDisconnected(byPeer(CloseCode.INTERNAL), h.now);
    h.core.resume(h.now);
    h.core.onConnected(h.now);
    h.refused(410);
    h.core.resume(h.now);
    h.core.onConnected(h.now);
    StartRequest start =
        StartRequest.parseFrom(h.sent(RequestType.REQUEST_START).getLast().getPayload());
    assertThat(start.getLastAckedSeqId()).isZero();
    assertThat(start.getEpoch()).isZero();
  }

  @Test
  void givesUpWhenAConnectionOrAStartTakesTooLong() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.later(4_999);
    assertThat(h.core.state()).isEqualTo(ClientState.CONNECTING);
    h.later(1);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    assertThat(h.hungUp).hasSize(1);
    h.core.resume(h.now);
    h.core.onConnected(h.now);
    h.later(10_000);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    assertThat(h.hungUp).hasSize(2);
  }

  @Test
  void sendsStartAgainWhenTheConnectionWasFull() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.answer = SendResult.BACKPRESSURED;
    h.core.onConnected(h.now);
    h.answer = SendResult.SENT;
    h.core.onWritable(h.now);
    assertThat(h.sent(RequestType.REQUEST_START)).hasSize(1);
  }

  // ---------------------------------------------------------------- history

  @Test
  void dropsWhatItKnowsAndAcknowledgesItAgain() throws Exception {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    h.push(2);
    h.handleAll();
    h.later(20);
    assertThat(h.sent(RequestType.REQUEST_ACK)).hasSize(1);
    h.push(2);
    assertThat(h.delivered(Inbound.Pushed.class)).isEmpty();
    h.later(20);
    assertThat(h.sent(RequestType.REQUEST_ACK)).hasSize(2);
    assertThat(
            ClientAck.parseFrom(h.sent(RequestType.REQUEST_ACK).getLast().getPayload())
                .getAckedSeqId())
        .isEqualTo(2);
  }

  @Test
  void acknowledgesManyInOneFrameAndAtOnceAfterEnough() {
    CoreHarness h = new CoreHarness().ready();
    for (int seq = 1; seq <= 31; seq++) {
      h.push(seq);
    }
    h.handleAll();
    assertThat(h.sent(RequestType.REQUEST_ACK)).isEmpty();
    h.push(32);
    h.handleAll();
    assertThat(h.sent(RequestType.REQUEST_ACK)).hasSize(1);
  }

  @Test
  void reconnectsAtAHoleInsteadOfHandingItOver() {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    h.push(3);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    assertThat(h.delivered(Inbound.Pushed.class)).hasSize(1);
  }

  @Test
  void saysSoWhenTheHistoryWentOnElsewhere() {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    h.handleAll();
    h.reconnect(resumed(1));
    h.push(4);
    assertThat(h.delivered(Inbound.Resumed.class)).hasSize(1);
    assertThat(h.delivered(Inbound.Resynced.class)).hasSize(1);
    assertThat(h.delivered(Inbound.Pushed.class).getFirst().position().seq()).isEqualTo(4);
  }

  @Test
  void neverResumesIntoAnotherHistory() {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    h.handleAll();
    h.reconnect(resumed(1).setEpoch(99));
    assertThat(h.delivered(Inbound.Resumed.class)).isEmpty();
    assertThat(h.delivered(Inbound.Resynced.class)).hasSize(1);
  }

  @Test
  void noticesThatAnOldGatewayForgotTheSession() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.started(StartResponse.newBuilder());
    h.push(1);
    h.push(2);
    h.handleAll();
    h.reconnect(StartResponse.newBuilder());
    h.push(1);
    assertThat(h.delivered(Inbound.Resumed.class)).hasSize(1);
    assertThat(h.delivered(Inbound.Resynced.class)).hasSize(1);
    assertThat(h.delivered(Inbound.Pushed.class)).hasSize(1);
  }

  @Test
  void neverAcknowledgesInOneHistoryWhatItHandledInAnother() {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    h.push(2);
    h.reconnect(fresh());
    h.handleAll();
    h.later(50);
    assertThat(h.sent(RequestType.REQUEST_ACK)).isEmpty();
    assertThat(h.core.stats().ackedSeq()).isZero();
  }

  // ---------------------------------------------------------------- requests

  @Test
  void repeatsARefusedRequestAndEverythingAfterIt() {
    CoreHarness h = new CoreHarness().ready();
    h.ask("a", 1_000);
    h.ask("b", 1_000);
    h.ask("c", 1_000);
    h.answer(h.sent.get(1), 1);
    h.refuse(h.sent.get(2), 40);
    h.refuse(h.sent.get(3), 40);
    h.ask("d", 1_000);
    h.later(39);
    assertThat(h.business()).containsExactly("a@1", "b@2", "c@3");
    h.later(1);
    assertThat(h.business()).containsExactly("a@1", "b@2", "c@3", "b@2", "c@3", "d@4");
  }

  @Test
  void givesTheSequenceOfARefusedRequestToTheNextWhenItsTimeIsUp() {
    CoreHarness h = new CoreHarness().ready();
    List<Outcome> first = h.ask("a", 100);
    h.ask("b", 1_000);
    h.refuse(h.sent.get(1), 200);
    h.refuse(h.sent.get(2), 200);
    h.later(100);
    h.handleAll();
    assertThat(first)
        .singleElement()
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.error().getErrorCode()).isEqualTo(503));
    h.later(100);
    assertThat(h.business()).containsExactly("a@1", "b@2", "b@1");
  }

  @Test
  void keepsThePlaceOfARequestThatMayHaveRun() {
    CoreHarness h = new CoreHarness().ready();
    List<Outcome> first = h.ask("a", 100);
    h.later(100);
    h.ask("b", 1_000);
    h.handleAll();
    assertThat(first).containsExactly(new Outcome.Failed(Outcome.Failure.DEADLINE, true));
    assertThat(h.business()).containsExactly("a@1", "b@2");
    h.answer(h.sent.get(1), 1);
    h.handleAll();
    assertThat(first).hasSize(1);
    assertThat(h.core.stats().requestsOutstanding()).isEqualTo(1);
  }

  @Test
  void sendsAgainWhatIsUnansweredWhenTheSessionGoesOn() {
    CoreHarness h = new CoreHarness().ready();
    h.ask("a", 1_000);
    h.ask("b", 1_000);
    h.reconnect(resumed(2));
    assertThat(h.business()).containsExactly("a@1", "b@2", "a@1", "b@2");
  }

  @Test
  void failsWhatMayHaveRunAndRenumbersTheRestInANewSession() {
    CoreHarness h = new CoreHarness().ready();
    List<Outcome> ran = h.ask("a", 1_000);
    h.answer = SendResult.BACKPRESSURED;
    List<Outcome> waited = h.ask("b", 1_000);
    h.answer = SendResult.SENT;
    h.reconnect(fresh());
    h.handleAll();
    assertThat(ran).containsExactly(new Outcome.Failed(Outcome.Failure.SESSION_LOST, true));
    assertThat(waited).isEmpty();
    assertThat(h.business()).containsExactly("a@1", "b@1");
  }

  @Test
  void failsSentRequestsWhenAnOldGatewayTakesItBack() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.started(StartResponse.newBuilder());
    h.push(1);
    List<Outcome> sent = h.ask("a", 1_000);
    h.handleAll();
    h.reconnect(StartResponse.newBuilder());
    h.ask("b", 1_000);
    h.handleAll();
    assertThat(sent).containsExactly(new Outcome.Failed(Outcome.Failure.SESSION_LOST, true));
    assertThat(h.business()).containsExactly("a@1", "b@2");
  }

  @Test
  void keepsAtMostSoManyOutstanding() {
    CoreHarness h = new CoreHarness().ready();
    for (int i = 0; i < 70; i++) {
      h.ask("r", 1_000);
    }
    assertThat(h.business()).hasSize(64);
    h.answer(h.sent.get(1), 1);
    assertThat(h.business()).hasSize(65);
  }

  @Test
  void asksTheGatewayWhereItStandsWhenTheNumberingIsOff() {
    CoreHarness h = new CoreHarness().ready();
    List<Outcome> outcome = h.ask("a", 1_000);
    h.frame(
        PushType.PUSH_ERROR,
        h.sent.get(1).getMsgId(),
        0,
        dev.gatesvr.proto.ErrorMessage.newBuilder().setErrorCode(400).build());
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    h.core.resume(h.now);
    h.core.onConnected(h.now);
    h.started(resumed(9));
    h.ask("b", 1_000);
    h.handleAll();
    assertThat(outcome).hasSize(1);
    assertThat(h.business().getLast()).isEqualTo("b@9");
  }

  // ---------------------------------------------------------------- liveness

  @Test
  void stopsReadingAboveTheBoundAndGoesOnBelowHalfOfIt() {
    ClientSettings settings =
        ClientSettings.defaults().withBounds(new ClientSettings.Bounds(64, 64, 4, 32, 3));
    CoreHarness h = new CoreHarness(settings);
    h.ready();
    h.handleAll();
    for (int seq = 1; seq <= 4; seq++) {
      h.push(seq);
    }
    assertThat(h.reading).containsExactly(false);
    h.core.onHandled(1, new Inbound.Position(2, 1), h.now);
    assertThat(h.reading).containsExactly(false);
    h.core.onHandled(1, new Inbound.Position(2, 2), h.now);
    assertThat(h.reading).containsExactly(false, true);
  }

  @Test
  void doesNotReconnectWhileTheApplicationIsFull() {
    ClientSettings settings =
        ClientSettings.defaults().withBounds(new ClientSettings.Bounds(64, 64, 4, 32, 3));
    CoreHarness h = new CoreHarness(settings);
    h.ready();
    h.core.onDisconnected(byPeer(CloseCode.INTERNAL), h.now);
    h.later(60_000);
    assertThat(h.dialled).hasSize(1);
    assertThat(h.core.nextDeadlineNanos()).isEqualTo(ClientCore.NEVER);
    h.handleAll();
    assertThat(h.dialled).hasSize(2);
  }

  @Test
  void beatsAsSuggestedAndGivesUpWhenNothingIsHeard() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.started(StartResponse.newBuilder().setHeartbeatInterval(2));
    h.handleAll();
    h.later(1_999);
    assertThat(h.sent(RequestType.REQUEST_HEARTBEAT)).isEmpty();
    for (int i = 0; i < 3; i++) {
      h.later(2_000);
    }
    assertThat(h.sent(RequestType.REQUEST_HEARTBEAT)).hasSize(3);
    h.later(2_000);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    assertThat(h.hungUp).containsExactly(CloseCode.DEAD_PEER);
  }

  @Test
  void shiftsHeartbeatsByUpToATenth() {
    for (double jitter : new double[] {0, 0.25, 0.5, 0.999}) {
      HeartbeatClock clock = new HeartbeatClock(ClientSettings.Timers.defaults(), () -> jitter);
      clock.start(1, false, 0);
      assertThat(clock.nextNanos()).isEqualTo((long) (1_000 * MILLI * (0.9 + 0.2 * jitter)));
    }
  }

  @Test
  void measuresRoundTrips() {
    CoreHarness h = new CoreHarness();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.started(StartResponse.newBuilder().setHeartbeatInterval(1));
    h.later(1_000);
    h.now += 7 * MILLI;
    int msgId = h.sent(RequestType.REQUEST_HEARTBEAT).getFirst().getMsgId();
    h.frame(PushType.PUSH_HEARTBEAT_RESP, msgId, 0, StartResponse.getDefaultInstance());
    assertThat(h.core.rttNanos()).isEqualTo(7 * MILLI);
  }

  @Test
  void backsOffExponentiallyWithFullJitterUpToItsCap() {
    ClientSettings.Reconnect settings =
        new ClientSettings.Reconnect(100, 1_000, Integer.MAX_VALUE, 0);
    Backoff backoff = new Backoff(settings, () -> 0.5);
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      backoff.attempt();
      waits.add(backoff.delayNanos(0));
    }
    assertThat(waits).containsExactly(50L, 100L, 200L, 400L, 500L, 500L);
    assertThat(new Backoff(settings, () -> 0).delayNanos(7)).isEqualTo(7);
  }

  @Test
  void stopsTheSessionWhenItIsClosed() {
    CoreHarness h = new CoreHarness().ready();
    h.push(1);
    List<Outcome> open = h.ask("a", 1_000);
    h.core.onHandled(3, new Inbound.Position(2, 1), h.now);
    h.core.close(StopRequest.Reason.USER_LOGOUT);
    h.handleAll();
    assertThat(h.sent.get(h.sent.size() - 2).getType()).isEqualTo(RequestType.REQUEST_ACK);
    assertThat(h.sent.getLast().getType()).isEqualTo(RequestType.REQUEST_STOP);
    assertThat(open).containsExactly(new Outcome.Failed(Outcome.Failure.CLOSED, true));
    assertThat(h.core.nextDeadlineNanos()).isEqualTo(ClientCore.NEVER);
  }
}
