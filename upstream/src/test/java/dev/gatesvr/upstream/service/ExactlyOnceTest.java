package dev.gatesvr.upstream.service;

import static dev.gatesvr.upstream.service.ServiceRig.LONG;
import static dev.gatesvr.upstream.service.ServiceRig.ZONE;
import static dev.gatesvr.upstream.service.ServiceRig.failureOf;
import static dev.gatesvr.upstream.service.ServiceRig.get;
import static dev.gatesvr.upstream.support.Gateway.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.testkit.TcpRelay;
import dev.gatesvr.upstream.grpc.UpstreamFailure;
import dev.gatesvr.upstream.support.Await;
import dev.gatesvr.upstream.support.RawUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests whose connection breaks under them, over real gRPC through a relay. */
class ExactlyOnceTest {
  private final ServiceRig rig = new ServiceRig();
  private final TcpRelay relay = rig.closing(TcpRelay.start());
  private final AtomicInteger runs = new AtomicInteger();
  private final Semaphore mayReturn = new Semaphore(0);

  ExactlyOnceTest() throws IOException {}

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aRequestCutWhileItRunsGetsTheAnswerOfThatRun() throws Exception {
    UpstreamService service = startCounting();
    CompletableFuture<UpstreamResponse> answer = rig.process("count", 1);
    Await.until("it runs", () -> runs.get() == 1);
    relay.cut();
    Await.until("its copy joined", () -> service.stats().repeated() == 1);
    mayReturn.release();
    assertThat(get(answer).getMessage()).isEqualTo("run 1");
    assertThat(runs).hasValue(1);
  }

  @Test
  void aRequestCutAgainAndAgainStillRunsOnce() throws Exception {
    UpstreamService service = startCounting();
    CompletableFuture<UpstreamResponse> answer = rig.process("count", 1);
    Await.until("it runs", () -> runs.get() == 1);
    for (int n = 1; n <= 4; n++) {
      relay.cut();
      long copies = n;
      Await.until("its copy joined", () -> service.stats().repeated() == copies);
    }
    mayReturn.release();
    assertThat(get(answer).getMessage()).isEqualTo("run 1");
    assertThat(runs).hasValue(1);
  }

  @Test
  void anAnswerThatGotLostIsGivenAgain() throws Exception {
    UpstreamService service = startCounting();
    CompletableFuture<UpstreamResponse> answer = rig.process("count", 1);
    Await.until("it runs", () -> runs.get() == 1);
    relay.swallowFromServer();
    mayReturn.release();
    Await.until("it was answered", () -> service.stats().handled() == 1);
    relay.cut();
    assertThat(get(answer).getMessage()).isEqualTo("run 1");
    assertThat(runs).hasValue(1);
    assertThat(service.stats().repeated()).isEqualTo(1);
  }

  @Test
  void aRequestThatGotLostRuns() throws Exception {
    mayReturn.release(2);
    UpstreamService service = startCounting();
    get(rig.process("count", 1));
    relay.swallowFromClients();
    CompletableFuture<UpstreamResponse> answer = rig.process("count", 2);
    Await.until("it was swallowed", () -> relay.swallowed() > 0);
    assertThat(runs).hasValue(1);
    relay.cut();
    assertThat(get(answer).getMessage()).isEqualTo("run 2");
    assertThat(service.stats().repeated()).isZero();
  }

  @Test
  void whatWaitsForItsTurnKeepsItsOrderAndRunsOnce() throws Exception {
    List<Long> order = new CopyOnWriteArrayList<>();
    UpstreamService service =
        startBehindRelay(
            rig.builder()
                .on(
                    "step",
                    request -> {
                      order.add(request.clientSeqId());
                      mayReturn.acquire();
                      return Reply.ok("" + request.clientSeqId());
                    }));
    List<CompletableFuture<UpstreamResponse>> answers = new ArrayList<>();
    for (int n = 1; n <= 8; n++) {
      answers.add(rig.process("step", n));
    }
    Await.until("all are there", () -> service.stats().running() == 8 && order.size() == 1);
    relay.cut();
    Await.until("their copies joined", () -> service.stats().repeated() == 8);
    mayReturn.release(8);
    for (int n = 1; n <= 8; n++) {
      assertThat(get(answers.get(n - 1)).getMessage()).isEqualTo("" + n);
    }
    assertThat(order).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
  }

  @Test
  void aRestartInBetweenMakesTheOutcomeUnknown() throws Exception {
    UpstreamService first = startCounting();
    CompletableFuture<UpstreamResponse> answer = rig.process("count", 1);
    Await.until("it runs", () -> runs.get() == 1);
    UpstreamService second = restart(first, counting(false));
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.OUTCOME_UNKNOWN);
    assertThat(UpstreamFailure.OUTCOME_UNKNOWN.mayHaveRun()).isTrue();
    assertThat(runs).hasValue(1);
    assertThat(second.stats().outcomeUnknown()).isEqualTo(1);
    mayReturn.release();
    assertThat(get(rig.process("count", 2)).getMessage()).isEqualTo("run 2");
  }

  @Test
  void anIdempotentActionRunsAgainAfterARestart() throws Exception {
    UpstreamService first = startBehindRelay(counting(true));
    CompletableFuture<UpstreamResponse> answer = rig.process("count", 1);
    Await.until("it runs", () -> runs.get() == 1);
    UpstreamService second = restart(first, counting(true));
    mayReturn.release();
    assertThat(get(answer).getMessage()).isEqualTo("run 2");
    assertThat(second.stats().handled()).isEqualTo(1);
  }

  @Test
  void anotherInstanceOnlySaysThatTheOutcomeIsUnknown() throws Exception {
    startCounting();
    CompletableFuture<UpstreamResponse> answer =
        rig.process(request("s", "count", 1), Duration.ofSeconds(3));
    Await.until("it runs", () -> runs.get() == 1);
    UpstreamService other = rig.start(counting(false));
    relay.refuse(true);
    relay.cut();
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.OUTCOME_UNKNOWN);
    assertThat(runs).hasValue(1);
    assertThat(other.stats().outcomeUnknown()).isEqualTo(1);
  }

  @Test
  void anotherInstanceRunsWhatIsIdempotent() throws Exception {
    startBehindRelay(counting(true));
    CompletableFuture<UpstreamResponse> answer =
        rig.process(request("s", "count", 1), Duration.ofSeconds(3));
    Await.until("it runs", () -> runs.get() == 1);
    rig.start(counting(true));
    relay.refuse(true);
    relay.cut();
    mayReturn.release(2);
    assertThat(get(answer).getMessage()).isEqualTo("run 2");
  }

  @Test
  void anInstanceWithoutIncarnationIsNeverSentACopy() throws Exception {
    RawUpstream old = rig.closing(new RawUpstream("old"));
    RawUpstream healthy = rig.closing(new RawUpstream("healthy"));
    relay.redirect(loopback(old.port()));
    register(relayAddress(), 0);
    CompletableFuture<UpstreamResponse> answer = rig.process("hang", 1);
    Await.until("it is there", () -> old.hanging() == 1);
    register(healthy.address(), 0);
    relay.cut();
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.FAILED);
    assertThat(old.seqIds()).containsExactly(1L);
    assertThat(healthy.seqIds()).isEmpty();
  }

  @Test
  void copiesGoOnlyWhereResultsAreKept() throws Exception {
    UpstreamService service = startCounting();
    CompletableFuture<UpstreamResponse> answer =
        rig.process(request("s", "count", 1), Duration.ofSeconds(2));
    Await.until("it runs", () -> runs.get() == 1);
    RawUpstream old = rig.closing(new RawUpstream("old"));
    register(old.address(), 0);
    relay.refuse(true);
    relay.cut();
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.DEADLINE);
    assertThat(old.seqIds()).isEmpty();
    assertThat(service.stats().repeated()).isZero();
  }

  @Test
  void copiesAreBoundedAndSayWhoGotTheFirst() throws Exception {
    RawUpstream broken = rig.closing(new RawUpstream("broken"));
    register(broken.address(), 77);
    assertThat(failureOf(rig.process("unavailable", 1))).isEqualTo(UpstreamFailure.OUTCOME_UNKNOWN);
    assertThat(broken.attempted()).containsExactly(0L, 77L, 77L, 77L, 77L);
    // Without a key nobody could know a copy.
    assertThat(failureOf(rig.process(request("", "unavailable", 1), LONG)))
        .isEqualTo(UpstreamFailure.FAILED);
    assertThat(failureOf(rig.process("unavailable", 0))).isEqualTo(UpstreamFailure.FAILED);
    assertThat(broken.attempted()).hasSize(7);
  }

  @Test
  void aMissedDeadlineIsNotRepeated() throws Exception {
    RawUpstream mute = rig.closing(new RawUpstream("mute"));
    register(mute.address(), 77);
    assertThat(failureOf(rig.process(request("s", "hang", 1), Duration.ofMillis(600))))
        .isEqualTo(UpstreamFailure.DEADLINE);
    assertThat(UpstreamFailure.DEADLINE.mayHaveRun()).isTrue();
    assertThat(mute.attempted()).containsExactly(0L);
  }

  @Test
  void aRequestThatAnEarlierGatewaySentIsACopyFromTheStart() throws Exception {
    UpstreamService service = startCounting();
    mayReturn.release(2);
    assertThat(get(rig.process("count", 1)).getMessage()).isEqualTo("run 1");
    assertThat(get(rig.process(copyTo(service.incarnation(), 1), LONG)).getMessage())
        .isEqualTo("run 1");
    assertThat(get(rig.process(copyTo(service.incarnation(), 2), LONG)).getMessage())
        .isEqualTo("run 2");
    assertThat(failureOf(rig.process(copyTo(12_345, 3), Duration.ofSeconds(2))))
        .isEqualTo(UpstreamFailure.OUTCOME_UNKNOWN);
  }

  @Test
  void closingEndsARequestThatLooksForItsInstance() throws Exception {
    startCounting();
    CompletableFuture<UpstreamResponse> answer = rig.process("count", 1);
    Await.until("it runs", () -> runs.get() == 1);
    relay.refuse(true);
    relay.cut();
    Await.until("it is away", () -> inFlight() == 1 && !answer.isDone());
    rig.gateway().caller().close();
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.STOPPED);
    assertThat(inFlight()).isZero();
  }

  @Test
  void callsToANewProcessNeverUseTheConnectionOfTheOneBefore() throws Exception {
    RawUpstream upstream = rig.closing(new RawUpstream("any"));
    relay.redirect(loopback(upstream.port()));
    register(relayAddress(), 5);
    get(rig.process("echo", 1));
    register(relayAddress(), 5);
    get(rig.process("echo", 2));
    assertThat(relay.accepted()).isEqualTo(1);
    register(relayAddress(), 6);
    get(rig.process("echo", 3));
    assertThat(relay.accepted()).isEqualTo(2);
  }

  @Test
  void anotherIncarnationReplacesTheOneBefore() {
    register("10.0.0.1:9", 5);
    register("10.0.0.1:9", 6);
    assertThat(rig.gateway().registry().table().instances(ZONE))
        .singleElement()
        .satisfies(instance -> assertThat(instance.incarnation()).isEqualTo(6));
  }

  private static dev.gatesvr.proto.UpstreamRequest copyTo(long incarnation, long seqId) {
    return request("s", "count", seqId).toBuilder().setAttemptedIncarnation(incarnation).build();
  }

  private int inFlight() {
    return rig.gateway()
        .loop()
        .submit(rig.gateway().caller()::inFlight)
        .syncUninterruptibly()
        .getNow();
  }

  private UpstreamServiceBuilder counting(boolean idempotent) {
    ActionHandler handler =
        request -> {
          int run = runs.incrementAndGet();
          mayReturn.acquire();
          return Reply.ok("run " + run);
        };
    return idempotent
        ? rig.builder().onIdempotent("count", handler)
        : rig.builder().on("count", handler);
  }

  private UpstreamService startCounting() throws Exception {
    return startBehindRelay(counting(false));
  }

  private UpstreamService startBehindRelay(UpstreamServiceBuilder builder) throws Exception {
    UpstreamService service = rig.start(builder.advertise(relayAddress()));
    relay.redirect(loopback(service.port()));
    return service;
  }

  /** The process dies in the middle of its work, and another one takes its place. */
  private UpstreamService restart(UpstreamService first, UpstreamServiceBuilder builder)
      throws Exception {
    relay.refuse(true);
    relay.cut();
    first.stop(Duration.ZERO);
    UpstreamService second = startBehindRelay(builder);
    relay.refuse(false);
    return second;
  }

  private void register(String address, long incarnation) {
    rig.gateway().registry().register(address, ZONE.toString(), "raw", incarnation, null);
  }

  private String relayAddress() {
    return "127.0.0.1:" + relay.address().getPort();
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
