package dev.gatesvr.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StartRequest;
import org.junit.jupiter.api.Test;

class StartRulesTest {
  private static final long EPOCH = 77;
  private static final SessionLimits LIMITS =
      new SessionLimits(
          8, 1_000, 1_000, 4, 1_000, 2, 1_000, new SessionLimits.Times(1_000, 100, 3, 100, 100));

  private final RecordingOutput out = new RecordingOutput();

  @Test
  void goodTokenResumes() {
    assertThat(StartRules.resume(session(1), 1, false, start(1, EPOCH, 2)))
        .isEqualTo(new StartDecision.Resume(2, 1));
  }

  @Test
  void goodTokenWithAPositionThatIsGoneStartsAfresh() {
    assertThat(StartRules.resume(session(1), 1, false, start(1, EPOCH, 9)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.POSITION_GONE));
    assertThat(StartRules.resume(session(1), 1, false, start(1, EPOCH + 1, 2)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.POSITION_GONE));
  }

  @Test
  void usedUnknownOrLateTokenIsRefusedAndChangesNothing() {
    assertThat(StartRules.resume(session(1), 2, false, start(1, EPOCH, 2)))
        .isInstanceOf(StartDecision.Refuse.class);
    assertThat(StartRules.resume(null, 1, false, start(1, EPOCH, 2)))
        .isInstanceOf(StartDecision.Refuse.class);
    Session ended = session(1);
    ended.end(out);
    assertThat(StartRules.resume(ended, 1, false, start(1, EPOCH, 2)))
        .isInstanceOf(StartDecision.Refuse.class);
  }

  @Test
  void comingBackAfterANewerLoginTellsSoAndThrowsNobodyOut() {
    assertThat(StartRules.resume(null, 1, true, start(1, EPOCH, 2)))
        .isInstanceOf(StartDecision.Replaced.class);
  }

  @Test
  void loginTakesOverWhateverItClaimsToHaveSeen() {
    assertThat(StartRules.login(session(1), start(1, 0, 0)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.UNKNOWN));
    assertThat(StartRules.login(session(1), start(1, EPOCH, 2)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.NOT_PROVEN));
    assertThat(StartRules.login(session(1), start(1, 5, 2)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.REPLACED));
    assertThat(StartRules.login(null, start(1, 5, 2)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.SESSION_GONE));
  }

  @Test
  void clientOfTheOldWireResumesByItsPosition() {
    assertThat(StartRules.login(session(0), start(0, 0, 2)))
        .isEqualTo(new StartDecision.Resume(2, 0));
    assertThat(StartRules.login(session(0), start(0, 0, 9)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.POSITION_GONE));
    assertThat(StartRules.login(session(0), start(0, 0, 0)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.UNKNOWN));
  }

  @Test
  void oldWireNeverResumesASessionThatHasATokenOfItsOwn() {
    assertThat(StartRules.login(session(1), start(0, 0, 2)))
        .isEqualTo(new StartDecision.Fresh(Resync.Reason.REPLACED));
  }

  /** A session whose client was sent three messages and is away. */
  private Session session(int level) {
    Session session = new Session(EPOCH, LIMITS, 0);
    session.attach(0, 0, level, 0);
    for (int i = 0; i < 3; i++) {
      session.onPush(Messages.push(ByteString.EMPTY), Delivery.RELIABLE, 0, out);
    }
    session.detach(0);
    return session;
  }

  private static StartRequest start(int level, long epoch, long lastAcked) {
    return StartRequest.newBuilder()
        .setProtocolLevel(level)
        .setEpoch(epoch)
        .setLastAckedSeqId(lastAcked)
        .build();
  }
}
