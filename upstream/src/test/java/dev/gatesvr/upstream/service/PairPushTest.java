package dev.gatesvr.upstream.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.proto.FenceServiceGrpc;
import dev.gatesvr.proto.PushOutcome;
import dev.gatesvr.proto.RecordTermRequest;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.grpc.PairFacts;
import dev.gatesvr.upstream.service.PushResult.Outcome;
import dev.gatesvr.upstream.support.Await;
import dev.gatesvr.upstream.support.Gateway;
import dev.gatesvr.upstream.support.RecordingPort;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pushes while the two gateways of a pair change their roles, over real gRPC. */
class PairPushTest {
  private static final Notice NOTICE = Notice.of("n", "", "");

  private final ServiceRig rig = new ServiceRig();
  private final Gateway a = gateway();
  private final Gateway b = gateway();

  PairPushTest() throws IOException {}

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void startsWithTheGatewayThatIsNotStandby() throws Exception {
    lead(b, 1);
    standby(a, 1);
    UpstreamService service = start(Duration.ZERO);
    assertThat(push(service, "player-1").gateway()).isEqualTo(b.address());
    assertThat(a.port().pushes()).isEmpty();
  }

  @Test
  void aStandbyRefusesInBandAndNamesThePrimary() throws Exception {
    lead(a, 1);
    standby(b, 1);
    UpstreamService service = start(Duration.ZERO);
    push(service, "player-1");
    // They change roles and nobody says so.
    standby(a, 2);
    lead(b, 2);
    PushResult result = push(service, "player-1");
    assertThat(result.outcome()).isEqualTo(Outcome.DELIVERED);
    assertThat(result.gateway()).isEqualTo(b.address());
    assertThat(a.port().pushes()).hasSize(1);
    assertThat(push(service, "player-1").gateway()).isEqualTo(b.address());
  }

  @Test
  void thePrimarysRefusalStandsThoughTheStandbySaidNothing() throws Exception {
    lead(a, 1);
    standby(b, 1);
    PushResult result = push(start(Duration.ofSeconds(30)), "nobody");
    assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(result.errorCode()).isEqualTo("NO_SUCH_PLAYER");
  }

  @Test
  void aPushWaitsForALeaderAndArrivesOnce() throws Exception {
    standby(a, 1);
    standby(b, 1);
    UpstreamService service = start(Duration.ofSeconds(30));
    CompletionStage<PushResult> result = service.gateways().pushToPlayer("player-1", NOTICE);
    Await.until("it is held", () -> held(service) == 1);
    lead(b, 2);
    assertThat(get(result).gateway()).isEqualTo(b.address());
    assertThat(b.port().pushes()).hasSize(1);
    assertThat(a.port().pushes()).isEmpty();
    assertThat(held(service)).isZero();
  }

  @Test
  void whatNobodyLeadsForIsRefusedAfterItsTime() throws Exception {
    standby(a, 1);
    standby(b, 1);
    UpstreamService service = start(Duration.ofMillis(200));
    long start = System.nanoTime();
    PushResult result = push(service, "player-1");
    assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(result.errorCode()).isEqualTo("NOT_PRIMARY");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(190));
    assertThat(held(service)).isZero();
  }

  @Test
  void pushesToOneTargetKeepTheirOrderOverAFailover() throws Exception {
    lead(a, 1);
    standby(b, 1);
    UpstreamService service = start(Duration.ofSeconds(30));
    List<CompletionStage<PushResult>> results = new ArrayList<>();
    int issued = 0;
    while (issued < 100) {
      issue(service, issued++, results);
    }
    standby(a, 1);
    while (issued < 300 || held(service) == 0) {
      issue(service, issued++, results);
    }
    lead(b, 2);
    // Those that were held, and new ones beside them.
    while (b.port().pushes().size() < 1_500) {
      issue(service, issued++, results);
      Thread.onSpinWait();
    }
    int refused = 0;
    for (int player = 1; player <= 3; player++) {
      List<String> accepted = new ArrayList<>();
      for (int n = 0; n < issued; n++) {
        Outcome outcome = get(results.get(3 * n + player - 1)).outcome();
        // One that a later one overtook is refused rather than delivered late.
        assertThat(outcome).isIn(Outcome.DELIVERED, Outcome.REFUSED);
        if (outcome == Outcome.DELIVERED) {
          accepted.add(Integer.toString(n));
        } else {
          refused++;
        }
      }
      String id = "player-" + player;
      List<String> got = new ArrayList<>(contents(a, id));
      got.addAll(contents(b, id));
      assertThat(got).isEqualTo(accepted);
    }
    assertThat(refused).as("few are overtaken").isLessThan(issued / 10);
    assertThat(held(service)).isZero();
  }

  /** One push to each of three players, but only as fast as there is room. */
  private static void issue(
      UpstreamService service, int n, List<CompletionStage<PushResult>> results)
      throws InterruptedException {
    Await.until("there is room", () -> held(service) < PushLanes.HELD_MAX / 8);
    for (int player = 1; player <= 3; player++) {
      results.add(service.gateways().pushToPlayer("player-" + player, Notice.of("n", "", "" + n)));
    }
  }

  @Test
  void anAcknowledgementOfALowerTermIsNone() throws Exception {
    lead(a, 1);
    UpstreamService service =
        rig.closing(builder(Duration.ofSeconds(30)).gateway(a.address()).start());
    awaitRegistered(service);
    assertThat(push(service, "player-1").outcome()).isEqualTo(Outcome.DELIVERED);
    CompletionStage<PushResult> late = service.gateways().pushToPlayer("held", NOTICE);
    Await.until("it is there", () -> a.port().pushes().size() == 2);
    record(service, 2);
    // Known without the answer, which would not count.
    assertThat(get(late).outcome()).isEqualTo(Outcome.UNKNOWN);
    a.port().release(delivered());
  }

  @Test
  void anAnswerThatTellsOfALowerTermIsUnknown() {
    UnicastPushResponse taken = delivered();
    assertThat(PushAnswer.of("g", taken, true).result().outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(PushAnswer.of("g", taken, false).result().outcome()).isEqualTo(Outcome.DELIVERED);
    UnicastPushResponse refused =
        UnicastPushResponse.newBuilder().setErrorCode("TARGET_NOT_FOUND").build();
    assertThat(PushAnswer.of("g", refused, true).kind()).isEqualTo(PushAnswer.Kind.NOT_PRIMARY);
    assertThat(PushAnswer.of("g", refused, false).kind()).isEqualTo(PushAnswer.Kind.REFUSED);
    UnicastPushResponse unknown =
        UnicastPushResponse.newBuilder().setErrorCode("OUTCOME_UNKNOWN").build();
    assertThat(PushAnswer.of("g", unknown, false).kind()).isEqualTo(PushAnswer.Kind.FINAL);
    assertThat(PushAnswer.of("g", unknown, false).result().outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void aDeposedGatewayIsNotAskedAny() throws Exception {
    lead(a, 1);
    standby(b, 1);
    UpstreamService service = start(Duration.ofSeconds(30));
    push(service, "player-1");
    // It goes on saying that it leads, in a term that is over.
    lead(b, 2);
    record(service, 2);
    assertThat(push(service, "player-1").gateway()).isEqualTo(b.address());
    assertThat(push(service, "nobody").outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(a.port().pushes()).hasSize(1);
  }

  @Test
  void whatNeverAnsweredIsUnknownAndTheNextGoesToTheSuccessor() throws Exception {
    lead(a, 1);
    standby(b, 1);
    UpstreamService service = start(Duration.ofSeconds(30));
    CompletionStage<PushResult> lost = service.gateways().pushToPlayer("silent", NOTICE);
    Await.until("it is there", () -> a.port().pushes().size() == 1);
    a.close();
    assertThat(get(lost).outcome()).isEqualTo(Outcome.UNKNOWN);
    CompletionStage<PushResult> next = service.gateways().pushToPlayer("player-1", NOTICE);
    Await.until("it is held", () -> held(service) == 1);
    lead(b, 2);
    assertThat(get(next).gateway()).isEqualTo(b.address());
  }

  @Test
  void aBroadcastCountsThePrimaryOnly() throws Exception {
    lead(a, 1);
    standby(b, 1);
    UpstreamService service = start(Duration.ZERO);
    assertThat(service.gateways().broadcast(NOTICE).toCompletableFuture().get(9, TimeUnit.SECONDS))
        .isEqualTo(new BroadcastResult(3, 1, ""));
    standby(a, 1);
    assertThat(service.gateways().broadcast(NOTICE).toCompletableFuture().get(9, TimeUnit.SECONDS))
        .isEqualTo(new BroadcastResult(0, 0, "NOT_PRIMARY"));
    lead(a, 1);
    lead(b, 2);
    record(service, 2);
    BroadcastResult result =
        service.gateways().broadcast(NOTICE).toCompletableFuture().get(9, TimeUnit.SECONDS);
    assertThat(result.gatewaysAnswered()).isEqualTo(1);
    assertThat(result.message()).contains("deposed");
  }

  @Test
  void stoppingEndsWhatIsHeld() throws Exception {
    standby(a, 1);
    standby(b, 1);
    UpstreamService service = start(Duration.ofSeconds(30));
    CompletableFuture<PushResult> first =
        service.gateways().pushToPlayer("player-1", NOTICE).toCompletableFuture();
    CompletableFuture<PushResult> second =
        service.gateways().pushToPlayer("player-1", NOTICE).toCompletableFuture();
    Await.until("they are held", () -> held(service) == 2);
    service.close();
    assertThat(first.get(5, TimeUnit.SECONDS).accepted()).isFalse();
    assertThat(second.get(5, TimeUnit.SECONDS).accepted()).isFalse();
  }

  private static UnicastPushResponse delivered() {
    return UnicastPushResponse.newBuilder()
        .setSuccess(true)
        .setOutcome(PushOutcome.PUSH_DELIVERED)
        .build();
  }

  private Gateway gateway() throws IOException {
    Gateway gateway =
        rig.closing(new Gateway(new RecordingPort("player-1", "player-2", "player-3")));
    gateway.port().deliver();
    return gateway;
  }

  private static void lead(Gateway gateway, long term) {
    gateway.facts(new PairFacts("p", term, false, ""));
  }

  private static void standby(Gateway gateway, long term) {
    gateway.facts(new PairFacts("p", term, true, "the other"));
  }

  private static UpstreamServiceBuilder builder(Duration pushRetry) {
    return UpstreamService.builder().zone("003").listen("127.0.0.1:0").pushRetry(pushRetry);
  }

  private UpstreamService start(Duration pushRetry) throws Exception {
    UpstreamService service =
        rig.closing(builder(pushRetry).gateway(a.address()).gateway(b.address()).start());
    awaitRegistered(service);
    return service;
  }

  private static void awaitRegistered(UpstreamService service) throws InterruptedException {
    Await.until(
        "all links know",
        () -> service.gateways().links().stream().allMatch(Gateways.Link::registered));
  }

  private static int held(UpstreamService service) {
    return ((GatewayFleet) service.gateways()).heldPushes();
  }

  private static List<String> contents(Gateway gateway, String player) {
    return gateway.port().pushes().stream()
        .filter(push -> push.getTargetId().equals(player))
        .map(UnicastPushRequest::getContent)
        .toList();
  }

  private static PushResult push(UpstreamService service, String player) throws Exception {
    return get(service.gateways().pushToPlayer(player, NOTICE));
  }

  private static PushResult get(CompletionStage<PushResult> stage) throws Exception {
    return stage.toCompletableFuture().get(40, TimeUnit.SECONDS);
  }

  private static void record(UpstreamService service, long term) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", service.port()).usePlaintext().build();
    try {
      assertThat(
              FenceServiceGrpc.newBlockingStub(channel)
                  .recordTerm(RecordTermRequest.newBuilder().setPair("p").setTerm(term).build())
                  .getRecorded())
          .isTrue();
    } finally {
      channel.shutdownNow();
    }
  }
}
