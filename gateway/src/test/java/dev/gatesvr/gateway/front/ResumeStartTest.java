package dev.gatesvr.gateway.front;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.auth.AuthResult;
import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.key.NamedKey;
import dev.gatesvr.gateway.auth.resume.ResumeTokens;
import dev.gatesvr.gateway.config.AuthConfig;
import dev.gatesvr.gateway.config.Secrets;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.gateway.support.SettableClock;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.testkit.LeakWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** START with a resume token that is not good, over real sockets. */
@ExtendWith(LeakWatch.class)
class ResumeStartTest {
  private static final Duration TTL = Duration.ofHours(1);
  private static final NamedKey KEY =
      new NamedKey("k1", "0123456789abcdef0123456789abcdef".getBytes(US_ASCII));
  private static final ResumeClaim CLAIM = new ResumeClaim("s-1", "10000", 1, 1);

  private final AtomicInteger logins = new AtomicInteger();
  private final RunningGateway gateway =
      RunningGateway.start(
          new RunningGateway.Settings()
              .auth(withKey())
              .authenticator(
                  credentials -> {
                    logins.incrementAndGet();
                    return switch (credentials.token()) {
                      case "wrong" ->
                          CompletableFuture.completedStage(
                              AuthResult.Rejected.because("signature"));
                      case "later" ->
                          CompletableFuture.completedStage(
                              new AuthResult.Unavailable("nonces_full"));
                      case "fault" -> throw new IllegalStateException("a fault");
                      default -> CompletableFuture.completedStage(new AuthResult.Accepted());
                    };
                  }));

  private static AuthConfig withKey() {
    AuthConfig defaults = AuthConfig.defaults();
    return new AuthConfig(
        defaults.mode(),
        new Secrets(List.of(KEY.line())),
        "",
        TTL,
        TTL,
        defaults.keyFileInterval(),
        defaults.jwt(),
        defaults.sealed());
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static ByteString seal(NamedKey key, Instant now, ResumeClaim claim) {
    SettableClock clock = new SettableClock();
    clock.set(now);
    return new ResumeTokens(() -> KeyRing.of(List.of(key)), TTL, clock).seal(claim);
  }

  private static ByteString altered() {
    byte[] token = seal(KEY, Instant.now(), CLAIM).toByteArray();
    token[token.length - 1] ^= 1;
    return ByteString.copyFrom(token);
  }

  private static StartRequest.Builder start(ByteString token) {
    return StartRequest.newBuilder()
        .setOpenid("10000")
        .setProtocolLevel(1)
        .setEpoch(7)
        .setResumeToken(token);
  }

  private static StartRequest.Builder login(String authToken) {
    return start(ByteString.EMPTY).setEpoch(0).setAuthToken(authToken);
  }

  private static int sendStart(RawPlayer player, StartRequest.Builder start) {
    return player.send(RequestType.REQUEST_START, 0, start.build());
  }

  private static void assertRefused(RawPlayer player, int msgId) {
    ServerPush push = player.next();
    StartResponse response = RawPlayer.startResponse(push);
    assertThat(push.getMsgId()).isEqualTo(msgId);
    assertThat(push.getSeqId()).isZero();
    assertThat(response.getSuccess()).isFalse();
    assertThat(response.getError().getErrorCode()).isEqualTo(ErrorCode.RESUME_REFUSED);
  }

  private String metric(String nameAndLabels) {
    return gateway
        .metrics()
        .lines()
        .filter(line -> line.startsWith(nameAndLabels + " "))
        .findFirst()
        .map(line -> line.substring(nameAndLabels.length() + 1))
        .orElse("absent");
  }

  private void assertCounted(String reason) {
    assertThat(metric("gatesvr_resumes_refused_total{reason=\"" + reason + "\",}"))
        .as(reason)
        .isEqualTo("1.0");
  }

  @Test
  void anAlteredTokenIsRefusedAndTheSameConnectionMayLogIn() {
    gateway.zone("003");
    RawPlayer player = gateway.connect();
    assertRefused(player, sendStart(player, start(altered())));
    assertThat(logins).hasValue(0);
    StartResponse response = player.start(login("secret"));
    assertThat(response.getResumed()).isFalse();
    assertThat(logins).hasValue(1);
    player.request("echo", "here");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("here");
    assertCounted("altered");
  }

  @Test
  void aRefusedResumeTouchesNobodysSession() {
    gateway.zone("003");
    RawPlayer owner = gateway.login("10000");
    RawPlayer thief = gateway.connect();
    assertRefused(thief, sendStart(thief, start(altered())));
    ByteString foreign = seal(KEY, Instant.now(), new ResumeClaim("s-1", "10001", 1, 1));
    assertRefused(thief, sendStart(thief, start(foreign)));
    owner.request("echo", "still here");
    assertThat(owner.nextBody().getData().toStringUtf8()).isEqualTo("still here");
    assertThat(owner.open()).isTrue();
  }

  @Test
  void everyBadTokenReadsTheSameAndIsCountedForItself() {
    Instant now = Instant.now();
    NamedKey other = new NamedKey("k2", new byte[32]);
    List<ByteString> bad =
        List.of(
            ByteString.copyFromUtf8("no token"),
            ByteString.copyFrom(new byte[100_000]),
            seal(other, now, CLAIM),
            altered(),
            seal(KEY, now, new ResumeClaim("s-1", "10001", 1, 1)),
            seal(KEY, now.minus(TTL), CLAIM));
    ByteString first = null;
    for (ByteString token : bad) {
      RawPlayer player = gateway.connect();
      sendStart(player, start(token));
      ByteString payload = player.next().getPayload();
      assertThat(payload).isEqualTo(first == null ? payload : first);
      first = payload;
      player.cut();
    }
    for (String reason : List.of("unknown_key", "altered", "foreign", "expired")) {
      assertCounted(reason);
    }
    assertThat(metric("gatesvr_resumes_refused_total{reason=\"malformed\",}")).isEqualTo("2.0");
    assertThat(logins).hasValue(0);
  }

  @Test
  void aGoodTokenResumesWithoutTheAuthenticator() {
    gateway.zone("003");
    RawPlayer first = gateway.connect();
    StartResponse started = first.start(login("secret"));
    assertThat(started.getResumeToken().size()).isBetween(60, ResumeTokens.TOKEN_BYTES_MAX);
    first.cut();
    RawPlayer second = gateway.connect();
    StartResponse resumed =
        second.start(start(started.getResumeToken()).setEpoch(started.getEpoch()));
    assertThat(resumed.getResumed()).isTrue();
    assertThat(resumed.getConnectionId()).isEqualTo(started.getConnectionId());
    assertThat(resumed.getResumeToken()).isNotEqualTo(started.getResumeToken());
    assertThat(logins).hasValue(1);
    second.request("echo", "resumed");
    assertThat(second.nextBody().getData().toStringUtf8()).isEqualTo("resumed");
  }

  @Test
  void aTokenOfASessionThatIsGoneIsRefusedByTheSessionsShard() {
    gateway.zone("003");
    RawPlayer player = gateway.connect();
    int refused = sendStart(player, start(seal(KEY, Instant.now(), CLAIM)));
    player.request(5, "echo", "for the session that is gone");
    sendStart(player, login("secret"));
    player.request("echo", "for the new one");
    assertRefused(player, refused);
    assertThat(RawPlayer.startResponse(player.next()).getSuccess()).isTrue();
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("for the new one");
    player.request("echo", "and later");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("and later");
    assertThat(logins).hasValue(1);
    assertCounted("session");
  }

  @Test
  void theThirdRefusalEndsTheConnection() {
    RawPlayer player = gateway.connect();
    for (int i = 0; i < 3; i++) {
      assertRefused(player, sendStart(player, start(altered())));
    }
    assertThat(player.closed().code()).isEqualTo(CloseCode.UNAUTHENTICATED);
  }

  @Test
  void theThirdStartMayStillLogIn() {
    RawPlayer player = gateway.connect();
    assertRefused(player, sendStart(player, start(altered())));
    assertRefused(player, sendStart(player, start(altered())));
    assertThat(player.start(login("secret")).getSuccess()).isTrue();
  }

  @Test
  void whatWasSentForTheOldSessionIsDroppedUpToTheNextStart() {
    gateway.zone("003");
    RawPlayer player = gateway.connect();
    int refused = sendStart(player, start(altered()));
    player.request(5, "echo", "for the old session");
    player.ack(4);
    int accepted = sendStart(player, login("secret"));
    player.request("echo", "for the new one");
    assertRefused(player, refused);
    ServerPush answer = player.next();
    assertThat(answer.getMsgId()).isEqualTo(accepted);
    assertThat(RawPlayer.startResponse(answer).getSuccess()).isTrue();
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("for the new one");
    player.request("echo", "and later");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("and later");
    assertThat(player.waiting()).isZero();
  }

  @Test
  void theDeadlineOfTheFirstMessageRunsOn() {
    long begin = System.nanoTime();
    RawPlayer player = gateway.connect();
    assertRefused(player, sendStart(player, start(altered())));
    assertThat(player.nextError().getErrorCode()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(player.closed().code()).isEqualTo(CloseCode.FIRST_MESSAGE_TIMEOUT);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void aRejectedLoginSaysNothingAndCountsWhy() {
    RawPlayer player = gateway.connect();
    sendStart(player, login("wrong"));
    StartResponse response = RawPlayer.startResponse(player.next());
    assertThat(response.getError().getErrorCode()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(response.getError().getDetail()).isEqualTo("the credentials are not accepted");
    assertThat(player.closed().code()).isEqualTo(CloseCode.UNAUTHENTICATED);
    assertThat(metric("gatesvr_logins_refused_total{reason=\"signature\",}")).isEqualTo("1.0");
  }

  @Test
  void anAuthenticatorThatCannotTellSendsPlayersAwayForLater() {
    for (String token : List.of("later", "fault")) {
      RawPlayer player = gateway.connect();
      sendStart(player, login(token));
      StartResponse response = RawPlayer.startResponse(player.next());
      assertThat(response.getError().getErrorCode()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(player.closed().code().reconnect()).as(token).isTrue();
    }
  }
}
