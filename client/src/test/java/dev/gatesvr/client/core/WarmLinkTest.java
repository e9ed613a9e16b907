package dev.gatesvr.client.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.SendResult;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every arrow of {@link WarmLink}, and that there are no others. */
class WarmLinkTest implements WarmOutput, WarmLink.Owner {
  private static final long MILLI = 1_000_000;
  private static final ServerAddress STANDBY = new ServerAddress("standby", 1);
  private static final ServerAddress THIRD = new ServerAddress("third", 1);

  private final ClientSettings settings = ClientSettings.defaults();
  private final ClientSettings.Standby standby = settings.standby();
  private final InboundHistory history = new InboundHistory(20 * MILLI, 32);
  private final StartExchange exchange =
      new StartExchange(new Player("p", new Credential.Fixed("secret")), history);
  private final WarmLink warm =
      new WarmLink(settings, exchange, new Frames("p"), this, () -> 0.5, this);
  private final List<String> effects = new ArrayList<>();
  private final List<ClientRequest> sent = new ArrayList<>();
  private SendResult answer = SendResult.SENT;
  private long now = 1_000 * MILLI;

  WarmLinkTest() {
    token("t1");
  }

  private void token(String token) {
    exchange.onAccepted(
        StartResponse.newBuilder()
            .setEpoch(7)
            .setResumeToken(ByteString.copyFromUtf8(token))
            .build());
  }

  @Override
  public void dialWarm(ServerAddress address) {
    effects.add("dial " + address.host());
  }

  @Override
  public SendResult sendWarm(ClientRequest message) {
    sent.add(message);
    return answer;
  }

  @Override
  public void hangUpWarm(CloseCode code) {
    effects.add("hang up");
  }

  @Override
  public void promoteWarm() {
    throw new AssertionError("the owner's business");
  }

  @Override
  public void onAccepted(ServerAddress at, StartResponse response, long position, long nowNanos) {
    assertThat(warm.state()).isEqualTo(WarmLink.State.OFF);
    effects.add("accepted at " + at.host() + " after " + position);
  }

  @Override
  public void onClaimFailed(ServerAddress at, String why, long nowNanos) {
    effects.add("claim failed: " + why);
  }

  // ---------------------------------------------------------------- getting somewhere

  private WarmLinkTest in(WarmLink.State state) {
    if (state == WarmLink.State.OFF) {
      return this;
    }
    warm.attached(List.of(STANDBY), now);
    if (state == WarmLink.State.RESTING) {
      return this;
    }
    passRest();
    if (state == WarmLink.State.DIALLING) {
      return this;
    }
    warm.onConnected(now);
    if (state == WarmLink.State.ASKING) {
      return this;
    }
    refused(421);
    if (state == WarmLink.State.CLAIMING) {
      offer();
    }
    assertThat(warm.state()).isEqualTo(state);
    effects.clear();
    return this;
  }

  private void passRest() {
    now = warm.nextDeadlineNanos();
    warm.onTime(now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.DIALLING);
  }

  private void offer() {
    warm.onFrame(ServerPush.newBuilder().setType(PushType.PUSH_ATTACH_OFFER).build(), now);
  }

  private void refused(int code) {
    ErrorMessage error = ErrorMessage.newBuilder().setErrorCode(code).setRetryAfterMs(500).build();
    answered(StartResponse.newBuilder().setError(error));
  }

  private void accepted() {
    answered(StartResponse.newBuilder().setSuccess(true));
  }

  private void answered(StartResponse.Builder response) {
    warm.onFrame(
        ServerPush.newBuilder()
            .setMsgId(sent.getLast().getMsgId())
            .setType(PushType.PUSH_START_RESP)
            .setPayload(response.build().toByteString())
            .build(),
        now);
  }

  private StartRequest start() throws InvalidProtocolBufferException {
    assertThat(sent.getLast().getType()).isEqualTo(RequestType.REQUEST_START);
    return StartRequest.parseFrom(sent.getLast().getPayload());
  }

  // ---------------------------------------------------------------- the table

  @ParameterizedTest
  @CsvSource({
    "OFF, OFF RESTING",
    "RESTING, OFF DIALLING",
    "DIALLING, OFF RESTING ASKING",
    "ASKING, OFF RESTING WAITING CLAIMING",
    "WAITING, OFF RESTING ASKING CLAIMING",
    "CLAIMING, OFF RESTING WAITING"
  })
  void hasTheseArrowsAndNoOthers(WarmLink.State from, String allowed) {
    EnumSet<WarmLink.State> found = EnumSet.noneOf(WarmLink.State.class);
    for (WarmLink.State to : WarmLink.State.values()) {
      if (from.mayBecome(to)) {
        found.add(to);
      }
    }
    List<WarmLink.State> expected = new ArrayList<>();
    for (String name : allowed.split(" ")) {
      expected.add(WarmLink.State.valueOf(name));
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void asksTheStandbyToKeepTheConnectionAndWaits() throws Exception {
    in(WarmLink.State.ASKING);
    assertThat(effects).containsExactly("dial standby");
    assertThat(start().getWarm()).isTrue();
    assertThat(start().getResumeToken().toStringUtf8()).isEqualTo("t1");
    assertThat(start().getAuthToken()).isEmpty();
    refused(421);
    assertThat(warm.state()).isEqualTo(WarmLink.State.WAITING);
    assertThat(warm.opened()).isEqualTo(1);
    assertThat(warm.occupied()).isEqualTo(STANDBY);
  }

  @Test
  void claimsTheSessionWithItsNewestTokenWhenItIsOffered() throws Exception {
    in(WarmLink.State.WAITING);
    token("t2");
    history.resumed(4, now);
    history.onSeq(1, now);
    history.onHandled(history.position(1), now);
    offer();
    assertThat(warm.state()).isEqualTo(WarmLink.State.CLAIMING);
    assertThat(start().getWarm()).isFalse();
    assertThat(start().getResumeToken().toStringUtf8()).isEqualTo("t2");
    assertThat(start().getEpoch()).isEqualTo(7);
    assertThat(start().getLastAckedSeqId()).isEqualTo(1);
    accepted();
    assertThat(effects).containsExactly("accepted at standby after 1");
  }

  @Test
  void claimsOnceHoweverOftenItIsOffered() {
    in(WarmLink.State.CLAIMING);
    int before = sent.size();
    offer();
    assertThat(sent).hasSize(before);
  }

  @Test
  void doesNotTakeTheAnswerToAnOlderStartForTheNewerOnes() {
    in(WarmLink.State.ASKING);
    ClientRequest asked = sent.getLast();
    offer();
    StartResponse late =
        StartResponse.newBuilder().setError(ErrorMessage.newBuilder().setErrorCode(421)).build();
    warm.onFrame(
        ServerPush.newBuilder()
            .setMsgId(asked.getMsgId())
            .setType(PushType.PUSH_START_RESP)
            .setPayload(late.toByteString())
            .build(),
        now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.CLAIMING);
    accepted();
    assertThat(effects).last().isEqualTo("accepted at standby after 0");
  }

  @Test
  void takesOverWhereWarmIsNotUnderstood() {
    in(WarmLink.State.ASKING);
    accepted();
    assertThat(effects).last().isEqualTo("accepted at standby after 0");
  }

  @Test
  void waitsOnWhenTheOfferWasAMistake() {
    in(WarmLink.State.CLAIMING);
    refused(421);
    assertThat(warm.state()).isEqualTo(WarmLink.State.WAITING);
    assertThat(effects).isEmpty();
    assertThat(warm.opened()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 410, 411, 503})
  void tellsWhenWhatWasOfferedIsRefused(int code) {
    in(WarmLink.State.CLAIMING);
    refused(code);
    assertThat(warm.state()).isEqualTo(WarmLink.State.RESTING);
    assertThat(effects).containsExactly("hang up", "claim failed: " + code + " ");
  }

  @ParameterizedTest
  @EnumSource(names = {"DIALLING", "ASKING", "WAITING", "CLAIMING"})
  void triesAgainAfterALoss(WarmLink.State state) {
    in(state);
    warm.onDisconnected("lost", now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.RESTING);
    assertThat(effects.contains("claim failed: lost")).isEqualTo(state == WarmLink.State.CLAIMING);
    passRest();
  }

  @ParameterizedTest
  @EnumSource(names = {"DIALLING", "ASKING", "CLAIMING"})
  void givesUpWhatTakesTooLong(WarmLink.State state) {
    in(state);
    now = warm.nextDeadlineNanos();
    warm.onTime(now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.RESTING);
    assertThat(effects).contains("hang up");
  }

  @Test
  void waitsLongerBetweenAttemptsUpToABoundAndAsLongAsItIsTold() {
    in(WarmLink.State.DIALLING);
    long longest = 0;
    for (int i = 0; i < 40; i++) {
      warm.onDisconnected("unreachable", now);
      longest = Math.max(longest, warm.nextDeadlineNanos() - now);
      passRest();
    }
    assertThat(longest).isEqualTo(standby.reconnect().capNanos() / 2);
    warm.onConnected(now);
    refused(503);
    assertThat(warm.nextDeadlineNanos() - now).isEqualTo(longest + 500 * MILLI);
  }

  @Test
  void doesNotStartWhatTheConnectionDoesNotTake() {
    in(WarmLink.State.DIALLING);
    answer = SendResult.BACKPRESSURED;
    warm.onConnected(now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.RESTING);
  }

  // ---------------------------------------------------------------- waiting

  @Test
  void beatsSlowlyAndGivesUpASilentStandby() {
    in(WarmLink.State.WAITING);
    int before = sent.size();
    for (int i = 0; i < 3; i++) {
      assertThat(warm.nextDeadlineNanos() - now).isEqualTo(standby.heartbeatNanos());
      now = warm.nextDeadlineNanos();
      warm.onTime(now);
    }
    assertThat(sent.subList(before, sent.size()))
        .hasSize(3)
        .allMatch(request -> request.getType() == RequestType.REQUEST_HEARTBEAT);
    now = warm.nextDeadlineNanos();
    warm.onTime(now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.RESTING);
  }

  @Test
  void staysAsLongAsItIsAnswered() {
    in(WarmLink.State.WAITING);
    for (int i = 0; i < 10; i++) {
      now = warm.nextDeadlineNanos();
      warm.onTime(now);
      warm.onFrame(ServerPush.newBuilder().setType(PushType.PUSH_HEARTBEAT_RESP).build(), now);
    }
    assertThat(warm.state()).isEqualTo(WarmLink.State.WAITING);
    assertThat(effects).isEmpty();
  }

  @Test
  void staysAwayForAsLongAsItIsSentAway() {
    in(WarmLink.State.WAITING);
    warm.onFrame(
        ServerPush.newBuilder()
            .setType(PushType.PUSH_GO_AWAY)
            .setPayload(GoAway.newBuilder().setRetryAfterMs(9_000).build().toByteString())
            .build(),
        now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.RESTING);
    assertThat(warm.nextDeadlineNanos() - now).isGreaterThanOrEqualTo(9_000 * MILLI);
  }

  // ---------------------------------------------------------------- without a session

  @Test
  void asksAgainWhenTheSessionLostItsConnectionAndWaitsForABoundedTime() throws Exception {
    in(WarmLink.State.WAITING);
    assertThat(warm.detached(now, now)).isTrue();
    assertThat(warm.state()).isEqualTo(WarmLink.State.ASKING);
    assertThat(start().getWarm()).isTrue();
    refused(421);
    assertThat(warm.detached(now, now)).as("once for each session").isFalse();
    assertThat(warm.state()).isEqualTo(WarmLink.State.WAITING);
    assertThat(warm.nextDeadlineNanos() - now).isEqualTo(standby.offerNanos());
    now = warm.nextDeadlineNanos();
    warm.onTime(now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.OFF);
    assertThat(warm.occupied()).isNull();
  }

  @Test
  void asksNotBeforeItIsTime() {
    in(WarmLink.State.WAITING);
    int before = sent.size();
    assertThat(warm.detached(now + 300 * MILLI, now)).isTrue();
    assertThat(sent).hasSize(before);
    now = warm.nextDeadlineNanos();
    warm.onTime(now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.ASKING);
    assertThat(now).isEqualTo(1_500 * MILLI + 300 * MILLI);
  }

  @ParameterizedTest
  @EnumSource(names = {"OFF", "RESTING", "DIALLING"})
  void leavesDiallingToTheComeback(WarmLink.State state) {
    in(state);
    assertThat(warm.detached(now, now)).isFalse();
    assertThat(warm.state()).isEqualTo(WarmLink.State.OFF);
    assertThat(warm.nextDeadlineNanos()).isEqualTo(ClientCore.NEVER);
  }

  @Test
  void isNotDialledAgainWhenItIsLostWithoutASession() {
    in(WarmLink.State.WAITING);
    warm.detached(now, now);
    warm.onDisconnected("lost", now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.OFF);
    warm.attached(List.of(STANDBY), now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.RESTING);
  }

  // ---------------------------------------------------------------- with another session

  @Test
  void staysWhereItIsWhenTheSessionComesBackToTheSamePair() {
    in(WarmLink.State.WAITING);
    warm.attached(List.of(THIRD, STANDBY), now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.WAITING);
    assertThat(effects).isEmpty();
  }

  @Test
  void forgetsAClaimMadeForTheSessionAsItWas() {
    in(WarmLink.State.CLAIMING);
    warm.attached(List.of(STANDBY), now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.RESTING);
    assertThat(effects).containsExactly("hang up");
  }

  @Test
  void followsThePairsAddresses() {
    in(WarmLink.State.WAITING);
    warm.attached(List.of(THIRD), now);
    assertThat(effects).containsExactly("hang up");
    passRest();
    assertThat(effects).last().isEqualTo("dial third");
  }

  @Test
  void leavesAPairThatTheSessionIsSentAwayFrom() {
    in(WarmLink.State.WAITING);
    warm.sentTo(List.of());
    warm.sentTo(List.of(THIRD, STANDBY));
    assertThat(warm.state()).isEqualTo(WarmLink.State.WAITING);
    warm.sentTo(List.of(THIRD));
    assertThat(warm.state()).isEqualTo(WarmLink.State.OFF);
  }

  @Test
  void neverLogsIn() {
    in(WarmLink.State.WAITING);
    exchange.onTokenRefused();
    int before = sent.size();
    offer();
    assertThat(sent).hasSize(before);
    warm.attached(List.of(STANDBY), now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.OFF);
  }

  @ParameterizedTest
  @EnumSource
  void stopsFromAnywhere(WarmLink.State state) {
    in(state);
    warm.stop();
    assertThat(warm.state()).isEqualTo(WarmLink.State.OFF);
    assertThat(warm.nextDeadlineNanos()).isEqualTo(ClientCore.NEVER);
    offer();
    warm.onConnected(now);
    warm.onDisconnected("late", now);
    assertThat(warm.state()).isEqualTo(WarmLink.State.OFF);
  }
}
