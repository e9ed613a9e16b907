package dev.gatesvr.upstream.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.service.Decision.Joined;
import dev.gatesvr.upstream.service.Decision.Kept;
import dev.gatesvr.upstream.service.Decision.Run;
import dev.gatesvr.upstream.service.Decision.Unknown;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResultWindowTest {
  private static final long HERE = 7;
  private static final long ELSEWHERE = 8;

  private final ResultWindow<String> window = window(64, 1L << 30);
  private long nowNanos;

  @Test
  void aRepetitionOfWhatRanGetsTheSameAnswer() {
    UpstreamResponse answer = ran(window, "s", 1);
    assertThat(begin(window, "s", 1, HERE)).isEqualTo(new Kept<String>(answer));
  }

  @Test
  void aFirstCopyOfWhatRanGetsTheSameAnswerToo() {
    UpstreamResponse answer = ran(window, "s", 1);
    assertThat(begin(window, "s", 1, 0)).isEqualTo(new Kept<String>(answer));
  }

  @Test
  void theAnswerIsKnownWhateverProcessWasAskedBefore() {
    UpstreamResponse answer = ran(window, "s", 1);
    assertThat(begin(window, "s", 1, ELSEWHERE)).isEqualTo(new Kept<String>(answer));
  }

  @Test
  void aRepetitionOfWhatRunsJoinsIt() {
    Running<String> running = run(begin(window, "s", 1, 0));
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Joined.class);
    assertThat(window.finish(running, response(""), nowNanos)).containsExactly("w0", "w7");
  }

  @Test
  void whatNeverArrivedHereRuns() {
    ran(window, "s", 1);
    assertThat(begin(window, "s", 2, HERE)).isInstanceOf(Run.class);
    assertThat(begin(window, "t", 1, HERE)).isInstanceOf(Run.class);
  }

  @Test
  void whatAnotherProcessGotIsUnknownUnlessIdempotent() {
    assertThat(begin(window, "s", 1, ELSEWHERE)).isInstanceOf(Unknown.class);
    assertThat(window.begin(new Arrival("s", 1, 0, ELSEWHERE, true), "w", 0))
        .isInstanceOf(Run.class);
  }

  @Test
  void whatIsSettledIsForgottenAndAGhostOfItDoesNotRun() {
    ran(window, "s", 1);
    ran(window, "s", 2);
    run(window.begin(new Arrival("s", 3, 2, 0, false), "w", nowNanos));
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Unknown.class);
    assertThat(begin(window, "s", 2, 0)).isInstanceOf(Unknown.class);
  }

  @Test
  void aRequestThatCallsItselfSettledIsNot() {
    assertThat(window.begin(new Arrival("s", 3, 99, HERE, false), "w", 0)).isInstanceOf(Run.class);
    assertThat(window.begin(new Arrival("s", 4, 0, HERE, false), "w", 0)).isInstanceOf(Run.class);
  }

  @Test
  void whatWasAbandonedMayRun() {
    Running<String> running = run(begin(window, "s", 1, 0));
    assertThat(window.abandon(running)).containsExactly("w0");
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Run.class);
  }

  @Test
  void isAbandonedOnlyWhenEverybodyIsGone() {
    Running<String> running = run(begin(window, "s", 1, 0));
    begin(window, "s", 1, HERE);
    assertThat(window.abandonIfAll(running, "w0"::equals)).isEmpty();
    assertThat(window.abandonIfAll(running, waiter -> true)).isNotEmpty();
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Run.class);
  }

  @Test
  void keepsTheNewestOfASessionAndOwnsUpToTheRest() {
    ResultWindow<String> two = window(2, 1L << 30);
    for (int seq = 1; seq <= 3; seq++) {
      ran(two, "s", seq);
    }
    assertThat(begin(two, "s", 1, HERE)).isInstanceOf(Unknown.class);
    assertThat(begin(two, "s", 1, 0)).isInstanceOf(Unknown.class);
    assertThat(begin(two, "s", 2, HERE)).isInstanceOf(Kept.class);
    assertThat(begin(two, "s", 3, HERE)).isInstanceOf(Kept.class);
  }

  @Test
  void dropsTheOldestSessionsForBytesAndOwnsUpToIt() {
    ResultWindow<String> small = window(64, 4_000);
    for (int n = 1; n <= 10; n++) {
      ran(small, "s" + n, 5);
      assertThat(small.bytes()).isLessThanOrEqualTo(4_000);
    }
    assertThat(begin(small, "s1", 5, HERE)).isInstanceOf(Unknown.class);
    assertThat(begin(small, "s10", 5, HERE)).isInstanceOf(Kept.class);
    // Above everything that a forgotten session had nothing can have arrived.
    assertThat(begin(small, "s1", 6, HERE)).isInstanceOf(Run.class);
    // Also when the session has a record again.
    assertThat(begin(small, "s1", 5, HERE)).isInstanceOf(Unknown.class);
    assertThat(begin(small, "s1", 4, HERE)).isInstanceOf(Unknown.class);
  }

  @Test
  void dropsWhatIsOldAndOwnsUpToIt() {
    ran(window, "s", 1);
    nowNanos += Duration.ofMinutes(9).toNanos();
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Kept.class);
    nowNanos += Duration.ofMinutes(2).toNanos();
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Unknown.class);
    nowNanos += Duration.ofMinutes(10).toNanos();
    begin(window, "other", 1, 0);
    assertThat(window.remembers("s")).isFalse();
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Unknown.class);
  }

  @Test
  void aRunOutlivesTheAgeOfItsSession() {
    Running<String> running = run(begin(window, "s", 1, 0));
    nowNanos += Duration.ofHours(1).toNanos();
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Joined.class);
    assertThat(window.finish(running, response(""), nowNanos)).hasSize(2);
    assertThat(begin(window, "s", 1, HERE)).isInstanceOf(Kept.class);
  }

  @Test
  void boundsTheCopiesThatWaitAndTellsTheOldestToGo() {
    Running<String> running = run(begin(window, "s", 1, 0));
    for (int n = 1; n < Running.WAITERS_MAX; n++) {
      assertThat(begin(window, "s", 1, HERE)).isEqualTo(new Joined<String>(null));
    }
    assertThat(begin(window, "s", 1, HERE)).isEqualTo(new Joined<String>("w0"));
    assertThat(window.finish(running, response(""), 0)).hasSize(Running.WAITERS_MAX);
  }

  @Test
  void aRequestWithoutAKeyAlwaysRunsAndLeavesNothing() {
    for (int n = 0; n < 3; n++) {
      Running<String> running = run(begin(window, "", 1, HERE));
      assertThat(window.finish(running, response(""), 0)).hasSize(1);
      run(begin(window, "s", 0, ELSEWHERE));
    }
    assertThat(window.bytes()).isZero();
  }

  @Test
  void anIncarnationIsNeverZero() {
    assertThatThrownBy(() -> new ResultWindow<String>(0, ResultLimits.defaults()))
        .hasMessageContaining("incarnation: 0");
    assertThatThrownBy(() -> new ResultLimits(0, 1, Duration.ofSeconds(1)))
        .hasMessageContaining("perSessionMax: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new ResultLimits(1, 0, Duration.ofSeconds(1)))
        .hasMessageContaining("bytesMax: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new ResultLimits(1, 1, Duration.ZERO))
        .hasMessageContaining("age: PT0S (expected: > 0)");
  }

  private static ResultWindow<String> window(int perSession, long bytes) {
    return new ResultWindow<>(HERE, new ResultLimits(perSession, bytes, Duration.ofMinutes(10)));
  }

  private Decision<String> begin(
      ResultWindow<String> window, String session, long seq, long attempted) {
    return window.begin(new Arrival(session, seq, 0, attempted, false), "w" + attempted, nowNanos);
  }

  private UpstreamResponse ran(ResultWindow<String> window, String session, long seq) {
    UpstreamResponse response = response(session + seq);
    window.finish(run(begin(window, session, seq, 0)), response, nowNanos);
    return response;
  }

  private static Running<String> run(Decision<String> decision) {
    assertThat(decision).isInstanceOf(Run.class);
    return ((Run<String>) decision).running();
  }

  private static UpstreamResponse response(String message) {
    return UpstreamResponse.newBuilder()
        .setMessage(message)
        .setData(ByteString.copyFrom(new byte[500]))
        .build();
  }
}
