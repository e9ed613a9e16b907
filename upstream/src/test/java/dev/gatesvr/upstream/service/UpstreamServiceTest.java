package dev.gatesvr.upstream.service;

import static dev.gatesvr.upstream.support.Gateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.grpc.UpstreamFailure;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.service.PushResult.Outcome;
import dev.gatesvr.upstream.support.Await;
import dev.gatesvr.upstream.support.Gateway;
import dev.gatesvr.upstream.support.RecordingPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamServiceTest {
  private static final ZoneId ZONE = ZoneId.ZONE_003;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Gateway gateway = closing(new Gateway(new RecordingPort("s", "player-1")));

  UpstreamServiceTest() throws IOException {}

  @AfterEach
  void closeParts() throws Exception {
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
  }

  @Test
  void aServiceOfAFewLinesAnswersThroughTheGateway() throws Exception {
    UpstreamService service =
        closing(
            UpstreamService.builder()
                .zone("003")
                .listen("127.0.0.1:0")
                .gateway(gateway.address())
                .serviceName("demo")
                .on("echo", request -> Reply.ok("echo", request.data()).withHeader("k", "v"))
                .start());
    awaitRegistered(gateway);
    assertThat(gateway.registry().table().all().get(0).address().port())
        .isEqualTo(service.port())
        .isPositive();
    UpstreamResponse response =
        gateway
            .process(
                ZONE,
                request("s", "echo", 4).toBuilder().setData(ByteString.copyFromUtf8("hi")).build(),
                LONG)
            .get();
    assertThat(response.getCode()).isEqualTo(200);
    assertThat(response.getData().toStringUtf8()).isEqualTo("hi");
    assertThat(response.getHeadersMap()).containsEntry("k", "v");
    assertThat(response.getClientSeqId()).isEqualTo(4);
  }

  @Test
  void anUnknownActionIsNotFoundAndABrokenHandlerIsAFailure() throws Exception {
    start(
        builder()
            .on(
                "broken",
                request -> {
                  throw new IOException("the disk is full");
                })
            .on(
                "worse",
                request -> {
                  throw new StackOverflowError("deep");
                })
            .on("echo", request -> Reply.ok("echo")));
    assertThat(process("s", "nonsense", 1).get().getCode()).isEqualTo(404);
    UpstreamResponse broken = process("s", "broken", 2).get();
    assertThat(broken.getCode()).isEqualTo(500);
    assertThat(broken.getMessage()).contains("the disk is full");
    assertThat(process("s", "worse", 3).get().getCode()).isEqualTo(500);
    assertThat(process("s", "echo", 4).get().getCode()).isEqualTo(200);
  }

  @Test
  void aReplyThatNoFrameHoldsIsAFailureThatSaysSo() throws Exception {
    start(builder().on("big", request -> Reply.ok("big", "x".repeat(1_048_577))));
    UpstreamResponse response = process("s", "big", 1).get();
    assertThat(response.getCode()).isEqualTo(500);
    assertThat(response.getMessage()).contains("expected: <= 1048576");
  }

  @Test
  void handlersRunOnVirtualThreadsOffTheLoops() throws Exception {
    start(builder().on("where", request -> Reply.ok(Thread.currentThread().isVirtual() + "")));
    assertThat(process("s", "where", 1).get().getMessage()).isEqualTo("true");
  }

  @Test
  void requestsOfOneSessionRunInOrderAndNeverTogether() throws Exception {
    List<Long> order = new CopyOnWriteArrayList<>();
    AtomicInteger together = new AtomicInteger();
    AtomicInteger mostTogether = new AtomicInteger();
    start(
        builder()
            .on(
                "step",
                request -> {
                  mostTogether.accumulateAndGet(together.incrementAndGet(), Math::max);
                  Thread.sleep(request.clientSeqId() % 3);
                  order.add(request.clientSeqId());
                  together.decrementAndGet();
                  return Reply.ok("");
                }));
    List<CompletableFuture<UpstreamResponse>> answers = new ArrayList<>();
    for (int n = 1; n <= 60; n++) {
      answers.add(process("one", "step", n));
    }
    for (CompletableFuture<UpstreamResponse> answer : answers) {
      answer.get();
    }
    assertThat(order).isEqualTo(LongStream.rangeClosed(1, 60).boxed().toList());
    assertThat(mostTogether).hasValue(1);
  }

  @Test
  void beyondItsBoundsItRefusesWithThePromiseThatNothingRan() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    UpstreamService service =
        start(
            builder()
                .limits(new ServiceLimits(3, 2, 8, Duration.ofSeconds(2)))
                .on(
                    "wait",
                    request -> {
                      release.await();
                      return Reply.ok("done");
                    }));
    List<CompletableFuture<UpstreamResponse>> admitted =
        List.of(process("a", "wait", 1), process("a", "wait", 2));
    Await.until("both are in", () -> service.stats().running() == 2);
    assertThat(failureOf(process("a", "wait", 3))).isEqualTo(UpstreamFailure.REFUSED);
    CompletableFuture<UpstreamResponse> third = process("b", "wait", 4);
    Await.until("the third is in", () -> service.stats().running() == 3);
    assertThat(failureOf(process("c", "wait", 5))).isEqualTo(UpstreamFailure.REFUSED);
    release.countDown();
    for (CompletableFuture<UpstreamResponse> answer : admitted) {
      assertThat(answer.get().getMessage()).isEqualTo("done");
    }
    assertThat(third.get().getMessage()).isEqualTo("done");
    assertThat(process("a", "wait", 6).get().getMessage()).isEqualTo("done");
    assertThat(service.stats().refused()).isEqualTo(2);
    assertThat(service.stats().handled()).isEqualTo(4);
  }

  @Test
  void aRequestThatNobodyWaitsForAnyMoreDoesNotRun() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Long> ran = new CopyOnWriteArrayList<>();
    UpstreamService service =
        start(
            builder()
                .on(
                    "wait",
                    request -> {
                      ran.add(request.clientSeqId());
                      release.await();
                      return Reply.ok("");
                    }));
    CompletableFuture<UpstreamResponse> first = process("s", "wait", 1);
    Await.until("the first runs", () -> !ran.isEmpty());
    assertThat(failureOf(gateway.process(ZONE, request("s", "wait", 2), Duration.ofMillis(500))))
        .isEqualTo(UpstreamFailure.DEADLINE);
    // On the same connection, so the cancellation is there before this is.
    process("other", "nonsense", 3).get();
    release.countDown();
    first.get();
    Await.until("the lane is empty", () -> service.stats().running() == 0);
    assertThat(ran).containsExactly(1L);
  }

  @Test
  void notifiesAreAtTheGatewayInOrderBeforeTheReplyIs() throws Exception {
    List<Integer> seenAtReply = new CopyOnWriteArrayList<>();
    start(
        builder()
            .on(
                "both",
                request -> {
                  // Issued and not waited for: that is the SDK's part.
                  for (int n = 0; n < 20; n++) {
                    request.notifyBefore(Notice.of("n", "before", "" + n));
                  }
                  request.notifyAfter(Notice.of("n", "after", ""));
                  return Reply.ok("done");
                }));
    process("s", "both", 9)
        .thenAccept(reply -> seenAtReply.add(gateway.port().pushes().size()))
        .get();
    assertThat(seenAtReply).containsExactly(21);
    List<UnicastPushRequest> pushes = gateway.port().pushes();
    for (int n = 0; n < 20; n++) {
      assertThat(pushes.get(n).getContent()).isEqualTo("" + n);
      assertThat(pushes.get(n).getSyncHint()).isEqualTo(NotifySyncHint.NSH_BEFORE_RESPONSE);
      assertThat(pushes.get(n).getBindClientSeqId()).isEqualTo(9);
      assertThat(pushes.get(n).getTargetType()).isEqualTo("session");
    }
    assertThat(pushes.get(20).getSyncHint()).isEqualTo(NotifySyncHint.NSH_AFTER_RESPONSE);
  }

  @Test
  void aNotifyBeyondItsBoundOrAfterTheReturnIsRefused() throws Exception {
    CompletableFuture<RequestContext> leaked = new CompletableFuture<>();
    start(
        builder()
            .limits(new ServiceLimits(8, 8, 1, Duration.ofSeconds(2)))
            .on(
                "two",
                request -> {
                  leaked.complete(request);
                  request.notifyBefore(Notice.of("n", "1", ""));
                  PushResult second =
                      request.notifyBefore(Notice.of("n", "2", "")).toCompletableFuture().get();
                  return Reply.ok(second.outcome().name());
                }));
    assertThat(process("s", "two", 1).get().getMessage()).isEqualTo("REFUSED");
    assertThat(pushed(leaked.get().notifyAfter(Notice.of("n", "late", ""))).errorCode())
        .isEqualTo("NOTIFY_REFUSED");
    assertThat(gateway.port().pushes()).hasSize(1);
  }

  @Test
  void pushesGoToTheGatewayThatKnowsThePlayerAndBroadcastsToAll() throws Exception {
    Gateway second = closing(new Gateway(new RecordingPort("player-2")));
    UpstreamService service = start(builder().gateway(second.address()));
    awaitRegistered(second);
    PushResult two = pushed(service.gateways().pushToPlayer("player-2", Notice.of("n", "", "")));
    assertThat(two.outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(two.gateway()).isEqualTo(second.address());
    PushResult one = pushed(service.gateways().pushToPlayer("player-1", Notice.of("n", "", "")));
    assertThat(one.gateway()).isEqualTo(gateway.address());
    PushResult none = pushed(service.gateways().pushToPlayer("nobody", Notice.of("n", "", "")));
    assertThat(none.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(none.errorCode()).isEqualTo("NO_SUCH_PLAYER");
    BroadcastResult all =
        service.gateways().broadcast(Notice.of("n", "", "")).toCompletableFuture().get();
    assertThat(all).isEqualTo(new BroadcastResult(3, 2, ""));
  }

  @Test
  void notifiesKeepTheirOrderOverSeveralGateways() throws Exception {
    Gateway second = closing(new Gateway(new RecordingPort("s2")));
    start(
        builder()
            .gateway(second.address())
            .on(
                "many",
                request -> {
                  for (int n = 0; n < 20; n++) {
                    request.notifyBefore(Notice.of("n", "", "" + n));
                  }
                  return Reply.ok("");
                }));
    awaitRegistered(second);
    assertThat(process("s2", "many", 1).get().getCode()).isEqualTo(200);
    assertThat(second.port().pushes())
        .extracting(UnicastPushRequest::getContent)
        .isEqualTo(LongStream.range(0, 20).mapToObj(Long::toString).toList());
  }

  @Test
  void aPushWhoseAnswerIsLostIsUnknownAndOfferedToNobodyElse() throws Exception {
    Gateway second = closing(new Gateway(new RecordingPort("silent")));
    UpstreamService service =
        start(
            builder()
                .gateway(second.address())
                .limits(new ServiceLimits(8, 8, 8, Duration.ofMillis(200))));
    awaitRegistered(second);
    PushResult result = pushed(service.gateways().pushToPlayer("silent", Notice.of("n", "", "")));
    assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(gateway.port().pushes().size() + second.port().pushes().size()).isEqualTo(1);
  }

  @Test
  void registersAgainWithinTwoSecondsOfAGatewaysReturn() throws Exception {
    List<String> changes = new CopyOnWriteArrayList<>();
    Gateway first = new Gateway(new RecordingPort());
    UpstreamService service =
        closing(
            UpstreamService.builder()
                .zone("003")
                .listen("127.0.0.1:0")
                .gateway(first.address())
                .observer(new Recorder(changes))
                .on("echo", request -> Reply.ok("echo"))
                .start());
    awaitRegistered(first);
    first.close();
    Await.until("the loss is noticed", () -> !service.gateways().links().get(0).registered());
    // Long enough for gRPC's own wait between attempts to have grown beyond two seconds.
    Thread.sleep(6_000);
    assertThat(
            pushed(service.gateways().pushToPlayer("player-1", Notice.of("n", "", ""))).outcome())
        .isEqualTo(Outcome.UNREACHABLE);
    Gateway again = closing(new Gateway(new RecordingPort(), first.tcpPort()));
    long back = System.nanoTime();
    awaitRegistered(again);
    assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(2));
    assertThat(again.process(ZONE, request("s", "echo", 1), LONG).get().getCode()).isEqualTo(200);
    Await.until("the observer knows", () -> changes.size() == 3);
    assertThat(changes).containsExactly("registered", "lost", "registered");
  }

  @Test
  void aGatewayThatIsNotThereYetIsFoundWhenItComes() throws Exception {
    Gateway gone = new Gateway(new RecordingPort());
    gone.close();
    closing(
        UpstreamService.builder()
            .zone("003")
            .listen("127.0.0.1:0")
            .gateway(gone.address())
            .start());
    Thread.sleep(300);
    Gateway late = closing(new Gateway(new RecordingPort(), gone.tcpPort()));
    awaitRegistered(late);
  }

  @Test
  void stoppingFinishesWhatIsUnderWay() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    UpstreamService service =
        start(
            builder()
                .on(
                    "slow",
                    request -> {
                      running.countDown();
                      Thread.sleep(300);
                      request.notifyBefore(Notice.of("n", "still connected", ""));
                      return Reply.ok("finished");
                    }));
    CompletableFuture<UpstreamResponse> answer = process("s", "slow", 1);
    running.await();
    service.stop(Duration.ofSeconds(5));
    assertThat(answer.get(1, TimeUnit.SECONDS).getMessage()).isEqualTo("finished");
    assertThat(gateway.port().pushes()).hasSize(1);
    assertThat(failureOf(process("s", "slow", 2))).isEqualTo(UpstreamFailure.UNREACHABLE);
  }

  @Test
  void stoppingInterruptsWhatTakesTooLong() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    UpstreamService service =
        start(
            builder()
                .on(
                    "stuck",
                    request -> {
                      running.countDown();
                      Thread.sleep(60_000);
                      return Reply.ok("never");
                    }));
    CompletableFuture<UpstreamResponse> answer =
        gateway.process(ZONE, request("s", "stuck", 1), Duration.ofSeconds(3));
    running.await();
    long start = System.nanoTime();
    service.stop(Duration.ofMillis(200));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    // The gateway waits for the instance's return as long as the player does.
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.DEADLINE);
    Await.until("the handler ended", () -> service.stats().running() == 0);
  }

  @Test
  void refusesSettingsThatCannotWork() {
    assertThatThrownBy(() -> UpstreamService.builder().zone("7"))
        .hasMessageContaining("expected: \"001\" to \"006\"");
    assertThatThrownBy(() -> UpstreamService.builder().listen("9001x"))
        .hasMessageContaining("9001x");
    assertThatThrownBy(() -> UpstreamService.builder().gateway("nowhere"))
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> builder().on("a", r -> Reply.ok("")).on("a", r -> Reply.ok("")))
        .hasMessageContaining("\"a\"");
    assertThatThrownBy(() -> UpstreamService.builder().zone("003").listen(":0").start())
        .hasMessageContaining("gateway");
  }

  @Test
  void aTakenPortIsAnErrorAtTheStart() throws Exception {
    UpstreamService service = start(builder());
    assertThatThrownBy(() -> builder().listen("127.0.0.1:" + service.port()).start())
        .isInstanceOf(IOException.class);
  }

  private UpstreamServiceBuilder builder() {
    return UpstreamService.builder()
        .zone("003")
        .listen("127.0.0.1:0")
        .gateway(gateway.address())
        .serviceName("test");
  }

  private UpstreamService start(UpstreamServiceBuilder builder) throws Exception {
    UpstreamService service = closing(builder.start());
    awaitRegistered(gateway);
    Await.until("the link knows", () -> service.gateways().links().get(0).registered());
    return service;
  }

  private static void awaitRegistered(Gateway gateway) throws InterruptedException {
    Await.until("registered", () -> !gateway.registry().table().instances(ZONE).isEmpty());
  }

  private CompletableFuture<UpstreamResponse> process(String session, String action, long seqId) {
    return gateway.process(ZONE, request(session, action, seqId), LONG);
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.add(part);
    return part;
  }

  private static PushResult pushed(CompletionStage<PushResult> stage) throws Exception {
    return stage.toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  private static UpstreamFailure failureOf(CompletableFuture<UpstreamResponse> answer)
      throws Exception {
    try {
      throw new AssertionError("answered: " + answer.get(40, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Gateway.Failed failed) {
        return failed.failure();
      }
      throw e;
    }
  }

  private record Recorder(List<String> changes) implements ServiceObserver {
    @Override
    public void onRegistered(String gateway) {
      changes.add("registered");
    }

    @Override
    public void onLost(String gateway, String why) {
      changes.add("lost");
    }
  }
}
