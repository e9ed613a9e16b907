package dev.gatesvr.gateway.front;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.config.AuthConfig;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.testkit.LeakWatch;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Real tokens of a living session in the wrong hands: none attaches, none evicts. The owner gets
 * pushes on the same connection all the time.
 */
@ExtendWith(LeakWatch.class)
class TokenAttackTest {
  /** In zone 003. */
  private static final String OWNER = "10000";

  private static final String THIEF = "thief";
  private static final Duration SHORT_TTL = Duration.ofSeconds(1);

  private RunningGateway gateway = RunningGateway.start();
  private RawZone zone = gateway.zone("003");
  private int pushed;

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void startWithTokensThatExpire() {
    gateway.close();
    AuthConfig d = AuthConfig.defaults();
    gateway =
        RunningGateway.start(
            new RunningGateway.Settings()
                .sessionTimeout(SHORT_TTL)
                .auth(
                    new AuthConfig(
                        d.mode(),
                        d.resumeTokenKeys(),
                        d.resumeTokenKeyFile(),
                        SHORT_TTL,
                        SHORT_TTL,
                        d.keyFileInterval(),
                        d.jwt(),
                        d.sealed())));
    zone = gateway.zone("003");
  }

  private static StartRequest.Builder login(String openid) {
    return StartRequest.newBuilder().setOpenid(openid).setProtocolLevel(1);
  }

  private static StartRequest.Builder resume(String openid, StartResponse of, long lastAcked) {
    return login(openid)
        .setEpoch(of.getEpoch())
        .setLastAckedSeqId(lastAcked)
        .setResumeToken(of.getResumeToken());
  }

  /** The owner's connection is the same, and everything comes on it. */
  private void stillServed(RawPlayer owner) {
    String text = "push " + ++pushed;
    assertThat(zone.push(OWNER, text).getMessage()).isEqualTo("delivered");
    assertThat(owner.nextBody().getData().toStringUtf8()).isEqualTo(text);
    owner.ack(owner.lastSeq());
    assertThat(owner.open()).isTrue();
  }

  /** Refused with 411, and on the same connection somebody may log in all the same. */
  private void refusedAndMayLogIn(StartRequest.Builder start, RawPlayer owner) {
    RawPlayer attacker = gateway.connect();
    attacker.send(RequestType.REQUEST_START, 0, start.build());
    StartResponse response = RawPlayer.startResponse(attacker.next());
    assertThat(response.getSuccess()).isFalse();
    assertThat(response.getError().getErrorCode()).isEqualTo(ErrorCode.RESUME_REFUSED);
    assertThat(response.getResumeToken().isEmpty()).isTrue();
    stillServed(owner);
    assertThat(attacker.start(login(THIEF)).getResumed()).isFalse();
    stillServed(owner);
    assertThat(attacker.waiting()).isZero();
    assertThat(attacker.open()).isTrue();
    attacker.cut();
  }

  @Test
  void aTokenThatWasUsedIsGoodForNothing() {
    RawPlayer first = gateway.connect();
    StartResponse one = first.start(login(OWNER));
    stillServed(first);
    first.cut();
    RawPlayer owner = gateway.connect();
    StartResponse two = owner.start(resume(OWNER, one, 1));
    assertThat(two.getResumed()).isTrue();
    // The acknowledgement in here confirms the second token.
    stillServed(owner);
    refusedAndMayLogIn(resume(OWNER, one, 1), owner);
    refusedAndMayLogIn(resume(OWNER, one, 0), owner);
  }

  @Test
  void aTokenIsGoodForItsOwnerOnlyAndNotWhenAltered() {
    RawPlayer owner = gateway.connect();
    StartResponse one = owner.start(login(OWNER));
    RawPlayer other = gateway.connect();
    StartResponse foreign = other.start(login("99999"));
    stillServed(owner);
    refusedAndMayLogIn(resume(THIEF, one, 1), owner);
    refusedAndMayLogIn(resume(OWNER, foreign, 0), owner);
    byte[] bytes = one.getResumeToken().toByteArray();
    for (int at = 0; at < bytes.length; at += 7) {
      byte[] altered = bytes.clone();
      altered[at] ^= 0x20;
      refusedAndMayLogIn(resume(OWNER, one, 1).setResumeToken(ByteString.copyFrom(altered)), owner);
    }
    refusedAndMayLogIn(
        resume(OWNER, one, 1).setResumeToken(one.getResumeToken().substring(1)), owner);
    assertThat(other.open()).isTrue();
  }

  @Test
  void anExpiredTokenIsGoodForNothing() {
    startWithTokensThatExpire();
    RawPlayer owner = gateway.connect();
    StartResponse one = owner.start(login(OWNER));
    long issued = System.nanoTime();
    // A whole second and what the clock's milliseconds may round.
    Duration dead = SHORT_TTL.plusMillis(50);
    RunningGateway.eventually(() -> System.nanoTime() - issued > dead.toNanos());
    refusedAndMayLogIn(resume(OWNER, one, 0), owner);
  }

  @Test
  void aStartWhoseAnswerWasLostCanBeRepeated() {
    RawPlayer first = gateway.connect();
    StartResponse one = first.start(login(OWNER));
    stillServed(first);
    RawPlayer lost = gateway.connect();
    lost.send(RequestType.REQUEST_START, 0, resume(OWNER, one, 1).build());
    // The gateway has attached it; nobody looks at the answer.
    assertThat(first.closed().code()).isEqualTo(CloseCode.REATTACHED);
    lost.cut();
    RawPlayer owner = gateway.connect();
    StartResponse again = owner.start(resume(OWNER, one, 1));
    assertThat(again.getResumed()).isTrue();
    assertThat(again.getConnectionId()).isEqualTo(one.getConnectionId());
    stillServed(owner);
    refusedAndMayLogIn(resume(OWNER, one, 1), owner);
  }

  @Test
  void reattachingIsNoKick() {
    RawPlayer first = gateway.connect();
    StartResponse one = first.start(login(OWNER));
    stillServed(first);
    RawPlayer second = gateway.connect();
    assertThat(second.start(resume(OWNER, one, 1)).getResumed()).isTrue();
    assertThat(first.closed().code()).isEqualTo(CloseCode.REATTACHED);
    assertThat(first.waiting()).isZero();
    stillServed(second);
  }

  @Test
  void aTakeoverKicksAndNothingFollows() throws Exception {
    RawPlayer old = gateway.connect();
    StartResponse one = old.start(login(OWNER));
    RawPlayer owner = gateway.connect();
    assertThat(owner.start(login(OWNER)).getResumed()).isFalse();
    ServerPush last = old.next();
    assertThat(last.getType()).isEqualTo(PushType.PUSH_KICKED);
    assertThat(Kicked.parseFrom(last.getPayload()).getReason()).isEqualTo(Kicked.Reason.REPLACED);
    stillServed(owner);
    assertThat(old.closed().code()).isEqualTo(CloseCode.REPLACED);
    assertThat(old.waiting()).isZero();
    // Its token is no way back: who was away during the takeover is told the same.
    RawPlayer late = gateway.connect();
    late.send(RequestType.REQUEST_START, 0, resume(OWNER, one, 0).build());
    assertThat(late.next().getType()).isEqualTo(PushType.PUSH_KICKED);
    assertThat(late.closed().code()).isEqualTo(CloseCode.REPLACED);
    assertThat(late.waiting()).isZero();
    stillServed(owner);
  }
}
