package dev.gatesvr.client.core;

import static dev.gatesvr.client.core.CoreHarness.withToken;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.SendResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resume tokens, logins, and what follows when a token is refused. */
class StartingTest {
  private static final int RESUME_REFUSED = 411;

  private static StartResponse.Builder resumed(String token) {
    return withToken(token).setResumed(true).setEpoch(1).setNextClientSeqId(1);
  }

  private static StartResponse.Builder fresh(String token) {
    return withToken(token).setEpoch(2).setNextClientSeqId(1);
  }

  private static List<String> tokens(CoreHarness h) {
    return h.sent(RequestType.REQUEST_START).stream()
        .map(
            request -> {
              try {
                return StartRequest.parseFrom(request.getPayload()).getResumeToken().toStringUtf8();
              } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  private static CoreHarness asked() {
    return new CoreHarness(ClientSettings.defaults(), new Credential.Asked());
  }

  @Test
  void presentsTheNewestTokenEachTime() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect(resumed("two"));
    h.reconnect();
    h.reconnect(resumed("three"));
    h.reconnect();
    // The answer to the third was lost, so that its token is still the newest that is known.
    assertThat(tokens(h)).containsExactly("", "one", "two", "two", "three");
  }

  @Test
  void resumesWithEpochAndPosition() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.push(1);
    h.handleAll();
    h.reconnect();
    assertThat(h.start().getResumeToken()).isEqualTo(ByteString.copyFromUtf8("one"));
    assertThat(h.start().getEpoch()).isEqualTo(1);
    assertThat(h.start().getLastAckedSeqId()).isEqualTo(1);
    assertThat(h.start().getProtocolLevel()).isEqualTo(1);
  }

  @Test
  void presentsNoTokenOfASessionThatIsGone() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect(StartResponse.newBuilder().setEpoch(2));
    h.reconnect();
    assertThat(h.start().getResumeToken()).isEmpty();
  }

  @Test
  void logsInOnTheSameConnectionWhenItsTokenIsRefused() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.push(1);
    h.handleAll();
    h.reconnect();
    h.refused(RESUME_REFUSED);
    assertThat(h.core.state()).isEqualTo(ClientState.STARTING);
    assertThat(h.hungUp).isEmpty();
    assertThat(h.start().getResumeToken()).isEmpty();
    assertThat(h.start().getAuthToken()).isEqualTo("t");
    assertThat(h.start().getEpoch()).isEqualTo(1);
    assertThat(h.start().getLastAckedSeqId()).isEqualTo(1);
    h.started(fresh("other"));
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
    h.reconnect();
    assertThat(h.start().getResumeToken().toStringUtf8()).isEqualTo("other");
  }

  @Test
  void logsInWithoutATokenWhenTheConnectionBreaksAfterTheRefusal() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect();
    h.refused(RESUME_REFUSED);
    h.reconnect();
    assertThat(h.start().getResumeToken()).isEmpty();
  }

  @Test
  void startsAtMostTwiceOnAConnection() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect();
    h.refused(RESUME_REFUSED);
    h.refused(RESUME_REFUSED);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    assertThat(h.sent(RequestType.REQUEST_START)).hasSize(3);
  }

  @Test
  void sendsTheSecondStartWhenTheConnectionHasRoom() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect();
    h.answer = SendResult.BACKPRESSURED;
    h.refused(RESUME_REFUSED);
    h.answer = SendResult.SENT;
    h.core.onWritable(h.now);
    assertThat(h.start().getResumeToken()).isEmpty();
    assertThat(h.sent(RequestType.REQUEST_START)).hasSize(3);
  }

  @Test
  void comesBackWithTheNewestTokenWhenAnOlderStartOvertookIt() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect(resumed("two"));
    h.closed(CloseCode.REATTACHED);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    h.dialNow();
    assertThat(h.start().getResumeToken().toStringUtf8()).isEqualTo("two");
  }

  // ---------------------------------------------------------------- why a history ended

  @Test
  void tellsTheReasonForALostHistoryOnce() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect();
    h.refused(RESUME_REFUSED);
    h.started(fresh("two"));
    assertThat(h.delivered(Inbound.Resynced.class)).isEmpty();
    h.frame(
        PushType.PUSH_RESYNC,
        0,
        0,
        Resync.newBuilder().setReason(Resync.Reason.REPLACED).setDetail("why").build());
    h.push(1);
    assertThat(h.delivered(Inbound.Resynced.class))
        .containsExactly(new Inbound.Resynced(Resync.Reason.REPLACED, "why"));
    assertThat(h.delivered(Inbound.Resumed.class)).isEmpty();
    assertThat(h.delivered(Inbound.Pushed.class)).hasSize(1);
  }

  @Test
  void tellsALostHistoryWithoutAReasonBeforeAnythingOfTheNext() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect();
    h.refused(RESUME_REFUSED);
    h.started(fresh("two"));
    h.push(1);
    assertThat(h.delivered)
        .filteredOn(it -> it instanceof Inbound.Resynced || it instanceof Inbound.Pushed)
        .extracting(Object::getClass)
        .containsExactly(Inbound.Resynced.class, Inbound.Pushed.class);
  }

  @Test
  void tellsALostHistoryWhenTheConnectionBreaksBeforeTheReason() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.reconnect();
    h.refused(RESUME_REFUSED);
    h.started(fresh("two"));
    h.reconnect(resumed("three").setEpoch(2));
    assertThat(h.delivered(Inbound.Resynced.class)).hasSize(1);
    assertThat(h.delivered(Inbound.Resumed.class)).hasSize(1);
  }

  @Test
  void tellsNothingAtTheFirstSession() {
    CoreHarness h = new CoreHarness().readyWithToken("one");
    h.push(1);
    assertThat(h.delivered(Inbound.Resynced.class)).isEmpty();
    assertThat(h.delivered(Inbound.Resumed.class)).isEmpty();
  }

  // ---------------------------------------------------------------- login tokens from the
  // application

  @Test
  void asksForALoginTokenAtEachLoginAndAtNoResume() {
    CoreHarness h = asked();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    assertThat(h.tokensAsked).isEqualTo(1);
    assertThat(h.sent).isEmpty();
    h.core.onToken("first");
    assertThat(h.start().getAuthToken()).isEqualTo("first");
    h.started(withToken("one").setEpoch(1).setNextClientSeqId(1));
    h.reconnect(resumed("two"));
    assertThat(h.tokensAsked).isEqualTo(1);
    h.reconnect();
    h.refused(RESUME_REFUSED);
    assertThat(h.tokensAsked).isEqualTo(2);
    h.core.onToken("second");
    assertThat(h.start().getAuthToken()).isEqualTo("second");
    h.started(fresh("three"));
    assertThat(h.core.state()).isEqualTo(ClientState.READY);
  }

  @Test
  void triesAgainLaterWhenThereIsNoLoginToken() {
    CoreHarness h = asked();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.core.onTokenFailed("no network", h.now);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    h.dialNow();
    assertThat(h.tokensAsked).isEqualTo(2);
  }

  @Test
  void doesNotWaitForEverForALoginToken() {
    CoreHarness h = asked();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.later(10_000);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
    h.core.onToken("too late");
    assertThat(h.sent).isEmpty();
  }

  @Test
  void leavesAComplaintBeforeItsStartToTheCloseCode() {
    CoreHarness h = asked();
    h.core.connect(h.now);
    h.core.onConnected(h.now);
    h.frame(PushType.PUSH_ERROR, 0, 0, ErrorMessage.newBuilder().setErrorCode(401).build());
    assertThat(h.core.state()).isEqualTo(ClientState.STARTING);
    h.closed(CloseCode.FIRST_MESSAGE_TIMEOUT);
    assertThat(h.core.state()).isEqualTo(ClientState.BACKOFF);
  }
}
