package dev.gatesvr.upstream.grpc;

import static dev.gatesvr.upstream.support.Gateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.registry.RegisterResult.Registered;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.support.Await;
import dev.gatesvr.upstream.support.Gateway;
import dev.gatesvr.upstream.support.RawUpstream;
import dev.gatesvr.upstream.support.RecordingPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamCallerTest {
  private static final ZoneId ZONE = ZoneId.ZONE_003;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Gateway gateway = closing(new Gateway(new RecordingPort()));

  UpstreamCallerTest() throws IOException {}

  @AfterEach
  void closeParts() throws Exception {
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
  }

  @Test
  void aRequestIsAnsweredByAnUpstreamWithoutTheSdk() throws Exception {
    registered(upstream("old"));
    UpstreamResponse response = get(process("echo", 41));
    assertThat(response.getMessage()).isEqualTo("old");
    assertThat(response.getClientSeqId()).isEqualTo(41);
  }

  @Test
  void aZoneWithoutUpstreamFailsAtOnce() {
    CompletableFuture<Boolean> toldBeforeReturn = new CompletableFuture<>();
    CompletableFuture<UpstreamResponse> answer = new CompletableFuture<>();
    gateway
        .loop()
        .execute(
            () -> {
              gateway
                  .caller()
                  .process(
                      ZONE, request("s", "echo", 1), LONG.toNanos(), gateway.observerOf(answer));
              toldBeforeReturn.complete(answer.isDone());
            });
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.NO_UPSTREAM);
    assertThat(toldBeforeReturn.join()).isTrue();
    assertThat(UpstreamFailure.NO_UPSTREAM.errorCode()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void aMissedDeadlineIsADeadline() throws Exception {
    registered(upstream("slow"));
    get(process("echo", 1));
    long start = System.nanoTime();
    assertThat(failureOf(gateway.process(ZONE, request("s", "hang", 2), Duration.ofMillis(500))))
        .isEqualTo(UpstreamFailure.DEADLINE);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(490), Duration.ofSeconds(20));
    assertThat(UpstreamFailure.DEADLINE.errorCode()).isEqualTo(ErrorCode.UPSTREAM_DEADLINE);
  }

  @Test
  void aRefusedConnectionIsUnreachable() throws Exception {
    gateway.registry().register("127.0.0.1:" + freePort(), ZONE.toString(), "ghost", null);
    assertThat(failureOf(process("echo", 1))).isEqualTo(UpstreamFailure.UNREACHABLE);
    assertThat(UpstreamFailure.UNREACHABLE.mayHaveRun()).isFalse();
  }

  @Test
  void aNameThatDoesNotResolveIsUnreachableAndStillToldOnTheLoop() {
    gateway.registry().register("no-such-host.invalid:9001", ZONE.toString(), "ghost", null);
    assertThat(failureOf(process("echo", 1))).isEqualTo(UpstreamFailure.UNREACHABLE);
  }

  @Test
  void whatNeverGotAConnectionIsUnreachableAlsoAtItsDeadline() throws Exception {
    // Accepts and never speaks HTTP/2: the handshake hangs.
    ServerSocket mute = closing(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    gateway.registry().register("127.0.0.1:" + mute.getLocalPort(), "003", "mute", null);
    assertThat(failureOf(gateway.process(ZONE, request("s", "echo", 1), Duration.ofMillis(150))))
        .isEqualTo(UpstreamFailure.UNREACHABLE);
  }

  @Test
  void anInstanceKilledInFlightHasFailedAndIsNotTriedElsewhere() throws Exception {
    RawUpstream dying = upstream("dying");
    RawUpstream healthy = upstream("healthy");
    registered(dying);
    CompletableFuture<UpstreamResponse> answer = process("hang", 1);
    Await.until("the request is there", () -> dying.hanging() == 1);
    registered(healthy);
    dying.kill();
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.FAILED);
    assertThat(healthy.seqIds()).isEmpty();
    assertThat(UpstreamFailure.FAILED.errorCode()).isEqualTo(ErrorCode.UPSTREAM_FAILED);
  }

  @Test
  void aGrpcErrorWithoutThePromiseThatNothingRanHasFailed() throws Exception {
    registered(upstream("old"));
    assertThat(failureOf(process("fail", 1))).isEqualTo(UpstreamFailure.FAILED);
  }

  @Test
  void anAnswerAboveTheBoundHasFailedAndTheConnectionLives() throws Exception {
    registered(upstream("big"));
    assertThat(failureOf(process("big", 1))).isEqualTo(UpstreamFailure.FAILED);
    assertThat(get(process("echo", 2)).getMessage()).isEqualTo("big");
  }

  @Test
  void takesTheInstancesInTurn() throws Exception {
    RawUpstream one = upstream("one");
    RawUpstream two = upstream("two");
    registered(one);
    registered(two);
    for (int n = 1; n <= 10; n++) {
      get(process("echo", n));
    }
    assertThat(one.seqIds()).hasSize(5);
    assertThat(two.seqIds()).hasSize(5);
  }

  @Test
  void aRequestThatNeverLeftGoesToAnotherInstanceOnce() throws Exception {
    RawUpstream alive = upstream("alive");
    gateway.registry().register("127.0.0.1:" + freePort(), ZONE.toString(), "ghost", null);
    registered(alive);
    List<CompletableFuture<UpstreamResponse>> answers = new ArrayList<>();
    for (int n = 1; n <= 20; n++) {
      answers.add(process("echo", n));
    }
    for (CompletableFuture<UpstreamResponse> answer : answers) {
      assertThat(get(answer).getMessage()).isEqualTo("alive");
    }
    assertThat(alive.seqIds())
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
  }

  @Test
  void requestsToOneInstanceArriveInTheOrderTheyWereMade() throws Exception {
    RawUpstream upstream = upstream("ordered");
    registered(upstream);
    CompletableFuture<UpstreamResponse> last = new CompletableFuture<>();
    gateway
        .loop()
        .execute(
            () -> {
              for (int n = 1; n <= 200; n++) {
                CompletableFuture<UpstreamResponse> answer =
                    n == 200 ? last : new CompletableFuture<>();
                gateway
                    .caller()
                    .process(
                        ZONE, request("s", "echo", n), LONG.toNanos(), gateway.observerOf(answer));
              }
            });
    get(last);
    assertThat(upstream.seqIds()).isEqualTo(LongStream.rangeClosed(1, 200).boxed().toList());
  }

  @Test
  void theFirstRequestAfterAnInstanceRegisteredAgainReachesIt() throws Exception {
    RawUpstream first = upstream("first");
    int port = first.port();
    registered(first);
    get(process("echo", 1));
    first.kill();
    int n = 2;
    // A call that was written before the death was noticed may have run, as far as anyone knows.
    while (failureOf(process("echo", n++)) == UpstreamFailure.FAILED) {
      assertThat(n).isLessThan(100);
    }
    for (int after = n; after < n + 4; after++) {
      assertThat(failureOf(process("echo", after))).isEqualTo(UpstreamFailure.UNREACHABLE);
    }
    registered(closing(new RawUpstream("second", port)));
    assertThat(get(process("echo", n + 9)).getMessage()).isEqualTo("second");
  }

  @Test
  void aRefreshOfTheRegistrationDisturbsNobody() throws Exception {
    RawUpstream upstream = upstream("steady");
    registered(upstream);
    CompletableFuture<UpstreamResponse> hanging =
        gateway.process(ZONE, request("s", "hang", 1), Duration.ofMillis(1_500));
    Await.until("the request is there", () -> upstream.hanging() == 1);
    registered(upstream);
    assertThat(get(process("echo", 2)).getMessage()).isEqualTo("steady");
    assertThat(failureOf(hanging)).isEqualTo(UpstreamFailure.DEADLINE);
  }

  @Test
  void aRemovedInstanceFinishesWhatItHasAndGetsNothingNew() throws Exception {
    RawUpstream leaving = upstream("leaving");
    UpstreamInstance instance = registered(leaving);
    CompletableFuture<UpstreamResponse> hanging =
        gateway.process(ZONE, request("s", "hang", 1), Duration.ofMillis(1_500));
    Await.until("the request is there", () -> leaving.hanging() == 1);
    gateway.registry().remove(instance);
    assertThat(failureOf(process("echo", 2))).isEqualTo(UpstreamFailure.NO_UPSTREAM);
    assertThat(hanging).isNotDone();
    assertThat(failureOf(hanging)).isEqualTo(UpstreamFailure.DEADLINE);
    assertThat(leaving.seqIds()).containsExactly(1L);
  }

  @Test
  void closingEndsWhatIsUnderWayExactlyOnce() throws Exception {
    RawUpstream upstream = upstream("slow");
    registered(upstream);
    CompletableFuture<UpstreamResponse> answer = process("hang", 1);
    Await.until("the request is there", () -> upstream.hanging() == 1);
    gateway.caller().close();
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.STOPPED);
    assertThat(failureOf(process("echo", 2))).isEqualTo(UpstreamFailure.STOPPED);
  }

  @Test
  void countsWhatIsUnderWay() throws Exception {
    RawUpstream upstream = upstream("slow");
    registered(upstream);
    CompletableFuture<UpstreamResponse> answer =
        gateway.process(ZONE, request("s", "hang", 1), Duration.ofMillis(1_500));
    Await.until("the request is there", () -> upstream.hanging() == 1);
    assertThat(gateway.loop().submit(gateway.caller()::inFlight).get()).isEqualTo(1);
    failureOf(answer);
    assertThat(gateway.loop().submit(gateway.caller()::inFlight).get()).isZero();
  }

  @Test
  void anObserverThatThrowsEndsNobodyElsesRequest() throws Exception {
    registered(upstream("old"));
    CompletableFuture<UpstreamResponse> next = new CompletableFuture<>();
    gateway
        .loop()
        .execute(
            () -> {
              gateway
                  .caller()
                  .process(ZONE, request("s", "echo", 1), LONG.toNanos(), new Throwing());
              gateway
                  .caller()
                  .process(ZONE, request("s", "echo", 2), LONG.toNanos(), gateway.observerOf(next));
            });
    assertThat(get(next).getClientSeqId()).isEqualTo(2);
  }

  @Test
  void isConfinedToItsLoop() {
    assertThatThrownBy(() -> gateway.caller().inFlight())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("event loop");
  }

  @Test
  void theProbeAsksForTheStatusAndRemovesWhatIsGone() throws Exception {
    RawUpstream alive = upstream("alive");
    registered(alive);
    UpstreamInstance gone =
        ((Registered) gateway.registry().register("127.0.0.1:" + freePort(), "004", "ghost", null))
            .instance();
    StatusProbe.Settings fast =
        new StatusProbe.Settings(Duration.ofMillis(50), Duration.ofMillis(50), 3);
    StatusProbe probe = closing(StatusProbe.start(gateway.caller(), gateway.registry(), fast));
    Await.until("the ghost is removed", () -> !gateway.registry().table().all().contains(gone));
    Await.until("asked", () -> probe.statuses().size() == 1 && probe.statuses().get(0).answered());
    InstanceStatus status = probe.statuses().get(0);
    assertThat(status.status()).isEqualTo("healthy");
    assertThat(status.uptimeSeconds()).isEqualTo(7);
    assertThat(gateway.registry().table().servedZones()).containsExactly(ZONE);
    assertThat(alive.statusAsked()).isPositive();
  }

  private CompletableFuture<UpstreamResponse> process(String action, long seqId) {
    return gateway.process(ZONE, request("s", action, seqId), LONG);
  }

  private RawUpstream upstream(String name) throws IOException {
    return closing(new RawUpstream(name));
  }

  private UpstreamInstance registered(RawUpstream upstream) {
    return ((Registered)
            gateway.registry().register(upstream.address(), ZONE.toString(), "raw", null))
        .instance();
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.add(part);
    return part;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static UpstreamResponse get(CompletableFuture<UpstreamResponse> answer) throws Exception {
    return answer.get(40, TimeUnit.SECONDS);
  }

  private static UpstreamFailure failureOf(CompletableFuture<UpstreamResponse> answer) {
    try {
      throw new AssertionError("answered: " + get(answer));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Gateway.Failed failed) {
        return failed.failure();
      }
      throw new AssertionError(e);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static final class Throwing implements ReplyObserver {
    @Override
    public void onReply(UpstreamResponse response) {
      throw new IllegalStateException("a broken observer");
    }

    @Override
    public void onFailure(UpstreamFailure failure, String detail) {
      throw new IllegalStateException("a broken observer");
    }
  }
}
