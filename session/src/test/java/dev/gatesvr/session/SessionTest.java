package dev.gatesvr.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final SessionLimits LIMITS =
      new SessionLimits(
          8,
          100_000,
          1_000 * SECOND,
          4,
          50_000,
          2,
          30 * SECOND,
          new SessionLimits.Times(300 * SECOND, 30 * SECOND, 3, 120 * SECOND, 40 * SECOND));
  private static final int LEVEL_RESENDS = 1;
  private static final Delivery DROPPABLE =
      new Delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, PushPolicy.POLICY_DROPPABLE, "");

  private final RecordingOutput out = new RecordingOutput();
  private final Session session = new Session(77, LIMITS, 0);

  @BeforeEach
  void attach() {
    session.attach(0, 0, LEVEL_RESENDS, 0);
  }

  @Test
  void numbersWhatThePlayerGetsFromOne() {
    push("a");
    push("b");
    assertThat(out.sentSeqs()).containsExactly(1L, 2L);
  }

  @Test
  void answersWithTheMessageIdOfItsRequest() throws Exception {
    request(1, 41);
    reply(1, "done");
    ServerPush answer = out.sent.getFirst();
    assertThat(answer.getMsgId()).isEqualTo(41);
    assertThat(answer.getType()).isEqualTo(PushType.PUSH_BUSINESS_DATA);
    assertThat(BusinessResponse.parseFrom(answer.getPayload()).getMessage()).isEqualTo("done");
  }

  @Test
  void runsOneRequestAtATimeInOrder() {
    request(1, 1);
    request(2, 2);
    assertThat(out.executed).containsExactly(1L);
    reply(1, "first");
    assertThat(out.executed).containsExactly(1L, 2L);
  }

  @Test
  void putsBeforeAndAfterAroundTheAnswerInOneStep() throws Exception {
    request(1, 1);
    assertThat(push("later", NotifySyncHint.NSH_AFTER_RESPONSE, 1)).isEqualTo(PushVerdict.BOUND);
    assertThat(push("sooner", NotifySyncHint.NSH_BEFORE_RESPONSE, 1)).isEqualTo(PushVerdict.BOUND);
    assertThat(out.sent).isEmpty();
    reply(1, "answer");
    assertThat(texts()).containsExactly("sooner", "answer", "later");
  }

  @Test
  void refusesToBindToARequestThatIsAnsweredOrUnknown() {
    request(1, 1);
    reply(1, "answer");
    assertThat(push("x", NotifySyncHint.NSH_BEFORE_RESPONSE, 1)).isEqualTo(PushVerdict.NOT_BOUND);
    assertThat(push("x", NotifySyncHint.NSH_AFTER_RESPONSE, 9)).isEqualTo(PushVerdict.NOT_BOUND);
  }

  @Test
  void bindsNoMoreNotifiesThanAllowed() {
    request(1, 1);
    push("a", NotifySyncHint.NSH_AFTER_RESPONSE, 1);
    push("b", NotifySyncHint.NSH_AFTER_RESPONSE, 1);
    assertThat(push("c", NotifySyncHint.NSH_AFTER_RESPONSE, 1)).isEqualTo(PushVerdict.FULL);
  }

  @Test
  void sendsAgainExactlyWhatWasNotAcknowledged() {
    push("a");
    push("b");
    push("c");
    session.onAck(1, 0, out);
    session.detach(0);
    push("d");
    out.sent.clear();
    session.attach(2, 0, LEVEL_RESENDS, 0);
    session.onWritable(0, out);
    assertThat(out.sentSeqs()).containsExactly(3L, 4L);
  }

  @Test
  void cannotResumeBelowTheAcknowledgedOrAboveTheSent() {
    push("a");
    push("b");
    session.onAck(1, 0, out);
    assertThat(session.canResumeAfter(0)).isFalse();
    assertThat(session.canResumeAfter(1)).isTrue();
    assertThat(session.canResumeAfter(2)).isTrue();
    assertThat(session.canResumeAfter(3)).isFalse();
  }

  @Test
  void staleAcknowledgementIsHarmless() {
    push("a");
    push("b");
    session.onAck(2, 0, out);
    session.onAck(1, 0, out);
    assertThat(session.ackedSeq()).isEqualTo(2);
    assertThat(out.closed).isEmpty();
  }

  @Test
  void closesOnAnAcknowledgementAboveWhatWasSent() {
    push("a");
    session.onAck(2, 0, out);
    assertThat(out.closed).containsExactly(CloseCode.ACK_INVALID);
    assertThat(session.state()).isEqualTo(SessionState.DETACHED);
    assertThat(session.canResumeAfter(0)).isTrue();
  }

  @Test
  void holdsBackWhatTheConnectionDoesNotTake() {
    out.room = 1;
    assertThat(push("a")).isEqualTo(PushVerdict.DELIVERED);
    assertThat(push("b")).isEqualTo(PushVerdict.QUEUED);
    assertThat(out.sentSeqs()).containsExactly(1L);
    out.room = 5;
    session.onWritable(0, out);
    assertThat(out.sentSeqs()).containsExactly(1L, 2L);
  }

  @Test
  void refusesPushesWhenFullAndKeepsRoomForAnswers() {
    request(1, 1);
    int accepted = 0;
    while (push("p" + accepted).accepted()) {
      accepted++;
    }
    assertThat(accepted).isEqualTo(LIMITS.replayMessagesMax() - 1);
    assertThat(push("more")).isEqualTo(PushVerdict.FULL);
    reply(1, "answer");
    assertThat(session.queuedMessages()).isEqualTo(LIMITS.replayMessagesMax());
  }

  @Test
  void refusalConsumesNoSequenceAndSaysRetryTheSame() throws Exception {
    out.refusal = new Refusal(503, "overloaded", 250);
    request(1, 5);
    ErrorMessage error = error(out.sent.getFirst());
    assertThat(out.sent.getFirst().getSeqId()).isZero();
    assertThat(error.getErrorCode()).isEqualTo(503);
    assertThat(error.getRetryAfterMs()).isEqualTo(250);
    assertThat(error.getRetrySameSeq()).isTrue();
    assertThat(session.nextClientSeq()).isEqualTo(1);
    out.refusal = null;
    request(1, 6);
    assertThat(out.executed).containsExactly(1L);
  }

  @Test
  void clientOfTheOldWireGoesOnAfterARefusal() {
    session.detach(0);
    session.attach(0, 0, Session.LEVEL_GATESVR, 0);
    out.refusal = new Refusal(503, "overloaded", 0);
    request(1, 1);
    out.refusal = null;
    request(2, 2);
    assertThat(out.executed).containsExactly(2L);
  }

  @Test
  void requestAfterARefusedOneIsRefusedAlikeForAClientThatResends() throws Exception {
    out.refusal = new Refusal(503, "overloaded", 0);
    request(1, 1);
    out.refusal = null;
    request(2, 2);
    assertThat(out.executed).isEmpty();
    assertThat(error(out.sent.get(1)).getRetrySameSeq()).isTrue();
  }

  @Test
  void wrongSequenceIsAnErrorThatNamesTheExpectedOne() throws Exception {
    request(5, 1);
    ErrorMessage error = error(out.sent.getFirst());
    assertThat(error.getErrorCode()).isEqualTo(400);
    assertThat(error.getDetail()).isEqualTo("seq_id: 5 (expected: 1)");
    assertThat(error.getRetrySameSeq()).isFalse();
    assertThat(session.nextClientSeq()).isEqualTo(1);
  }

  @Test
  void repeatedRequestJoinsTheRunningOne() {
    request(1, 1);
    request(1, 1);
    reply(1, "once");
    request(1, 1);
    assertThat(out.executed).containsExactly(1L);
    assertThat(out.sent).hasSize(1);
  }

  @Test
  void limitsOutstandingRequests() throws Exception {
    for (int seq = 1; seq <= 4; seq++) {
      request(seq, seq);
    }
    request(5, 5);
    assertThat(error(out.sent.getFirst()).getErrorCode()).isEqualTo(429);
    assertThat(session.outstandingRequests()).isEqualTo(4);
    assertThat(out.admitted).isEqualTo(4);
  }

  @Test
  void malformedPayloadIsAnsweredInItsTurnAndBlocksNobody() throws Exception {
    request(1, 1);
    session.onRequest(
        frame(2, 2).setPayload(ByteString.copyFromUtf8("\u0007junk")).build(), 0, out);
    request(3, 3);
    reply(1, "one");
    assertThat(error(out.sent.get(1)).getErrorCode()).isEqualTo(400);
    assertThat(out.sent.get(1).getMsgId()).isEqualTo(2);
    assertThat(out.executed).containsExactly(1L, 3L);
    reply(3, "three");
    assertThat(out.finished).isEqualTo(3);
  }

  @Test
  void answerThatFitsNoFrameBecomesAnErrorAndBlocksNothing() throws Exception {
    request(1, 1);
    request(2, 2);
    ByteString huge = ByteString.copyFrom(new byte[Limits.FRAME_BYTES_MAX]);
    session.onReply(1, new Reply.Answer(200, "", huge, Map.of()), 0, out);
    reply(2, "fine");
    assertThat(error(out.sent.getFirst()).getErrorCode()).isEqualTo(500);
    assertThat(texts().get(1)).isEqualTo("fine");
  }

  @Test
  void pushThatFitsNoFrameIsRefused() {
    ByteString huge = ByteString.copyFrom(new byte[Limits.FRAME_BYTES_MAX]);
    assertThat(session.onPush(Messages.push(huge), Delivery.RELIABLE, 0, out))
        .isEqualTo(PushVerdict.TOO_LARGE);
  }

  @Test
  void expiresWhenDetachedForTheSessionTimeout() {
    session.detach(5 * SECOND);
    assertThat(session.nextDeadlineNanos()).isEqualTo(305 * SECOND);
    session.onDeadline(305 * SECOND - 1, out);
    assertThat(session.state()).isEqualTo(SessionState.DETACHED);
    session.onDeadline(305 * SECOND, out);
    assertThat(session.state()).isEqualTo(SessionState.ENDED);
    assertThat(push("late")).isEqualTo(PushVerdict.ENDED);
  }

  @Test
  void closesAConnectionThatAcknowledgesNothing() {
    session.onPush(Messages.push(ByteString.EMPTY), Delivery.RELIABLE, 10 * SECOND, out);
    assertThat(session.nextDeadlineNanos()).isEqualTo(100 * SECOND);
    session.onDeadline(100 * SECOND, out);
    assertThat(out.closed).containsExactly(CloseCode.DEAD_PEER);
    assertThat(session.state()).isEqualTo(SessionState.DETACHED);
    assertThat(session.queuedMessages()).isEqualTo(1);
  }

  @Test
  void endingGivesBackWhatWaitsAndWhatRuns() {
    request(1, 1);
    request(2, 2);
    session.end(out);
    assertThat(out.finished).isEqualTo(1);
    reply(1, "nobody hears this");
    assertThat(out.finished).isEqualTo(2);
    assertThat(out.sent).isEmpty();
  }

  @Test
  void illegalTransitionsThrow() {
    assertThatThrownBy(() -> session.attach(0, 0, 0, 0)).hasMessageContaining("ATTACHED");
    session.detach(0);
    assertThatThrownBy(() -> session.detach(0)).hasMessageContaining("DETACHED");
    assertThatThrownBy(() -> request(1, 1)).hasMessageContaining("DETACHED");
    assertThatThrownBy(() -> reply(1, "x")).hasMessageContaining("not running");
  }

  @Test
  void dropsTheOldestDroppableWithAGapInItsPlaceWhenFull() {
    out.room = 0;
    for (int i = 0; i < LIMITS.replayMessagesMax(); i++) {
      assertThat(push("d" + i, i < 2 ? DROPPABLE : Delivery.RELIABLE))
          .isEqualTo(PushVerdict.QUEUED);
    }
    assertThat(push("e", Delivery.RELIABLE)).isEqualTo(PushVerdict.QUEUED);
    assertThat(push("f", Delivery.RELIABLE)).isEqualTo(PushVerdict.QUEUED);
    assertThat(push("g", Delivery.RELIABLE)).isEqualTo(PushVerdict.FULL);
    out.room = 100;
    session.onWritable(0, out);
    ServerPush gap = out.sent.getFirst();
    assertThat(gap.getType()).isEqualTo(PushType.PUSH_GAP);
    assertThat(gap.getSeqId()).isEqualTo(2);
    assertThat(out.sentSeqs()).hasSize(9).endsWith(10L);
  }

  @Test
  void clientOfTheOldWireIsToldOfAGapInItsOwnWords() throws Exception {
    session.detach(0);
    session.attach(0, 0, Session.LEVEL_GATESVR, 0);
    out.room = 0;
    push("a", DROPPABLE);
    while (push("b", Delivery.RELIABLE).accepted()) {}
    out.room = 100;
    session.onWritable(0, out);
    assertThat(out.sent.getFirst().getSeqId()).isEqualTo(1);
    assertThat(error(out.sent.getFirst()).getErrorCode()).isEqualTo(410);
    assertThat(error(out.sent.getFirst()).getDetail()).isEqualTo("seq_id: 1 to 1");
  }

  @Test
  void fullKeepsTheLatestOfEveryKey() {
    out.room = 0;
    Delivery latest =
        new Delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, PushPolicy.POLICY_LATEST, "hp");
    for (int i = 0; i < 100; i++) {
      assertThat(push("hp " + i, latest)).isEqualTo(PushVerdict.QUEUED);
    }
    assertThat(session.queuedMessages()).isLessThanOrEqualTo(LIMITS.replayMessagesMax());
    assertThat(session.lastSeq()).isEqualTo(100);
  }

  @Test
  void fullMemoryOfTheProcessRefusesWhatNothingGivesWayFor() {
    out.memoryFull = true;
    assertThat(push("a", Delivery.RELIABLE)).isEqualTo(PushVerdict.FULL);
    out.memoryFull = false;
    out.room = 0;
    push("some droppable text", DROPPABLE);
    out.memoryFull = true;
    assertThat(push("a", Delivery.RELIABLE)).isEqualTo(PushVerdict.QUEUED);
    assertThat(session.queuedMessages()).isEqualTo(1);
  }

  @Test
  void oldMessagesGiveWayOrHoldBackWhatFollows() {
    out.room = 0;
    push("d", DROPPABLE);
    push("r", Delivery.RELIABLE);
    session.onHeard(990 * SECOND);
    assertThat(pushAt("late", Delivery.RELIABLE, 1_000 * SECOND)).isEqualTo(PushVerdict.FULL);
    assertThat(session.queuedMessages()).as("the droppable one went").isEqualTo(1);
  }

  @Test
  void closesAConnectionThatTakesNothingAsSlow() {
    out.room = 1;
    push("a");
    session.onAck(1, 0, out);
    pushAt("b", Delivery.RELIABLE, 10 * SECOND);
    assertThat(session.nextDeadlineNanos()).isEqualTo(50 * SECOND);
    session.onDeadline(50 * SECOND, out);
    assertThat(out.closed).containsExactly(CloseCode.SLOW_CONSUMER);
    assertThat(session.state()).isEqualTo(SessionState.DETACHED);
    assertThat(session.canResumeAfter(1)).isTrue();
  }

  @Test
  void closesAConnectionThatSaysNothing() {
    session.onHeard(10 * SECOND);
    assertThat(session.nextDeadlineNanos()).isEqualTo(130 * SECOND);
    session.onDeadline(130 * SECOND, out);
    assertThat(out.closed).containsExactly(CloseCode.DEAD_PEER);
  }

  @Test
  void requestThatWaitedTooLongIsAnsweredAndItsNotifiesGoWithTheAnswer() throws Exception {
    request(1, 1);
    request(2, 2);
    push("before 2", NotifySyncHint.NSH_BEFORE_RESPONSE, 2);
    session.onDeadline(30 * SECOND, out);
    assertThat(out.executed).containsExactly(1L);
    assertThat(BusinessResponse.parseFrom(out.sent.getFirst().getPayload()).getMessage())
        .isEqualTo("before 2");
    assertThat(out.sent.get(1).getMsgId()).isEqualTo(2);
    assertThat(error(out.sent.get(1)).getErrorCode()).isEqualTo(503);
    assertThat(error(out.sent.get(1)).getOutcomeUnknown()).isFalse();
    reply(1, "one");
    assertThat(out.finished).isEqualTo(2);
  }

  @Test
  void saysWhenTheOutcomeIsUnknown() throws Exception {
    request(1, 1);
    session.onReply(1, new Reply.Failure(504, "deadline", "", true), 0, out);
    assertThat(error(out.sent.getFirst()).getOutcomeUnknown()).isTrue();
  }

  @Test
  void kickSaysWhyThenClosesAndNothingFollows() throws Exception {
    session.kick(Kicked.Reason.REPLACED, "", out);
    assertThat(out.sent.getFirst().getType()).isEqualTo(PushType.PUSH_KICKED);
    assertThat(Kicked.parseFrom(out.sent.getFirst().getPayload()).getReason())
        .isEqualTo(Kicked.Reason.REPLACED);
    assertThat(out.closed).containsExactly(CloseCode.REPLACED);
    assertThat(push("late")).isEqualTo(PushVerdict.ENDED);
    assertThat(out.sent).hasSize(1);
  }

  @Test
  void tokenIsGoodUntilItsSuccessorMayHaveArrived() {
    assertThat(session.acceptsToken(1)).isTrue();
    session.detach(0);
    session.attach(0, 1, LEVEL_RESENDS, 0);
    assertThat(session.acceptsToken(1)).as("the answer of START can be lost").isTrue();
    assertThat(session.acceptsToken(2)).isTrue();
    session.onHeard(0);
    assertThat(session.acceptsToken(1)).as("single use").isFalse();
    assertThat(session.acceptsToken(2)).isTrue();
    assertThat(session.acceptsToken(3)).as("never given out").isFalse();
  }

  private PushVerdict push(String text) {
    return push(text, NotifySyncHint.NSH_IMMEDIATELY, 0);
  }

  private PushVerdict push(String text, NotifySyncHint hint, long bound) {
    return push(text, new Delivery(hint, bound, PushPolicy.POLICY_RELIABLE, ""));
  }

  private PushVerdict push(String text, Delivery delivery) {
    return pushAt(text, delivery, 0);
  }

  private PushVerdict pushAt(String text, Delivery delivery, long nowNanos) {
    ByteString body = BusinessResponse.newBuilder().setMessage(text).build().toByteString();
    return session.onPush(Messages.push(body), delivery, nowNanos, out);
  }

  private void request(long seq, int msgId) {
    session.onRequest(frame(seq, msgId).build(), 0, out);
  }

  private static ClientRequest.Builder frame(long seq, int msgId) {
    return ClientRequest.newBuilder()
        .setSeqId(seq)
        .setMsgId(msgId)
        .setPayload(BusinessRequest.newBuilder().setAction("echo").build().toByteString());
  }

  private void reply(long seq, String text) {
    session.onReply(seq, new Reply.Answer(200, text, ByteString.EMPTY, Map.of()), 0, out);
  }

  private java.util.List<String> texts() throws InvalidProtocolBufferException {
    java.util.List<String> texts = new java.util.ArrayList<>();
    for (ServerPush push : out.sent) {
      texts.add(BusinessResponse.parseFrom(push.getPayload()).getMessage());
    }
    return texts;
  }

  private static ErrorMessage error(ServerPush push) throws InvalidProtocolBufferException {
    assertThat(push.getType()).isEqualTo(PushType.PUSH_ERROR);
    return ErrorMessage.parseFrom(push.getPayload());
  }
}
