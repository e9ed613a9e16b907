package dev.gatesvr.upstream.grpc;

import static dev.gatesvr.upstream.support.Gateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.registry.RegisterResult.Registered;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.service.Reply;
import dev.gatesvr.upstream.service.UpstreamService;
import dev.gatesvr.upstream.support.Await;
import dev.gatesvr.upstream.support.Gateway;
import dev.gatesvr.upstream.support.RawUpstream;
import dev.gatesvr.upstream.support.RecordingPort;
import dev.gatesvr.upstream.support.TermUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FenceRecorderTest {
  private static final ZoneId ZONE = ZoneId.ZONE_003;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Gateway gateway = closing(new Gateway(new RecordingPort()));
  private final List<ZoneId> readied = new CopyOnWriteArrayList<>();
  private final List<Long> fencedBy = new CopyOnWriteArrayList<>();

  FenceRecorderTest() throws IOException {}

  @AfterEach
  void closeParts() throws Exception {
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
  }

  @Test
  void aZoneIsReadyWhenAllItsInstancesRecordedTheTerm() throws Exception {
    TermUpstream one = upstream(11);
    TermUpstream two = upstream(12);
    two.mute(true);
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 5, "b#1");
    Await.until("the other zones", () -> readied.size() == 5);
    Await.until("one recorded it", () -> gateway.gate().open(instance(one)));
    assertThat(recorder.ready(ZONE)).isFalse();
    assertThat(gateway.gate().open(instance(two))).isFalse();
    for (int n = 1; n <= 6; n++) {
      assertThat(get(process(n)).getMessage()).isEqualTo("11");
    }
    two.mute(false);
    Await.until("the zone", () -> recorder.ready(ZONE));
    assertThat(one.asked()).containsExactly(5L);
    assertThat(readied).containsOnlyOnce(ZONE);
    assertThat(fencedBy).isEmpty();
  }

  @Test
  void nothingIsAskedAndEverythingIsOpenWithoutAPair() throws Exception {
    TermUpstream one = upstream(11);
    recorder(Duration.ofSeconds(30));
    assertThat(get(process(1)).getMessage()).isEqualTo("11");
    assertThat(one.asked()).isEmpty();
    assertThat(gateway.gate().ready(ZONE)).isTrue();
  }

  @Test
  void fromTheBeginningOnNobodyGetsARequestBeforeItRecordedTheTerm() throws Exception {
    TermUpstream one = upstream(11);
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 1, "b#1");
    Await.until("the zone", () -> recorder.ready(ZONE));
    get(process(1));
    one.mute(true);
    recorder.begin("p", 2, "b#1");
    assertThat(recorder.ready(ZONE)).isFalse();
    assertThat(failureOf(process(2))).isEqualTo(UpstreamFailure.NO_UPSTREAM);
    assertThat(serves()).isFalse();
    assertThat(one.requests()).hasSize(1);
    one.mute(false);
    Await.until("the zone", () -> recorder.ready(ZONE));
    get(process(3));
    assertThat(one.asked()).startsWith(1L, 2L);
    assertThat(serves()).isTrue();
  }

  @Test
  void anInstanceThatDoesNotAnswerIsShutOutUntilItDoes() throws Exception {
    TermUpstream one = upstream(11);
    TermUpstream mute = upstream(12);
    mute.mute(true);
    FenceRecorder recorder = recorder(Duration.ofMillis(100));
    recorder.begin("p", 5, "b#1");
    Await.until("the zone", () -> recorder.ready(ZONE));
    for (int n = 1; n <= 6; n++) {
      assertThat(get(process(n)).getMessage()).isEqualTo("11");
    }
    mute.mute(false);
    Await.until("it is open", () -> gateway.gate().open(instance(mute)));
    get(process(7));
    get(process(8));
    assertThat(mute.requests()).hasSize(1);
    assertThat(one.requests()).hasSize(7);
  }

  @Test
  void anInstanceThatIsGoneHoldsNobodyUp() throws Exception {
    TermUpstream mute = upstream(12);
    mute.mute(true);
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 5, "b#1");
    Await.until("it was asked", () -> !mute.asked().isEmpty());
    assertThat(recorder.ready(ZONE)).isFalse();
    gateway.registry().remove(instance(mute));
    Await.until("the zone", () -> recorder.ready(ZONE));
  }

  @Test
  void aConnectionThatIsRefusedCountsAsSilence() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      register("127.0.0.1:" + socket.getLocalPort(), 13);
    }
    FenceRecorder recorder = recorder(Duration.ofMillis(100));
    recorder.begin("p", 5, "b#1");
    Await.until("the zone", () -> recorder.ready(ZONE));
    assertThat(failureOf(process(1))).isEqualTo(UpstreamFailure.NO_UPSTREAM);
  }

  @Test
  void instancesOfTheOldWireAndThoseWithoutFencesCountAtOnce() throws Exception {
    RawUpstream old = closing(new RawUpstream("old"));
    RawUpstream keeping = closing(new RawUpstream("keeping"));
    register(old.address(), 0);
    register(keeping.address(), 77);
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 5, "b#1");
    Await.until("the zone", () -> recorder.ready(ZONE));
    get(process(1));
    get(process(2));
    assertThat(old.seqIds()).hasSize(1);
    assertThat(keeping.seqIds()).hasSize(1);
  }

  @Test
  void whatRegistersLaterRecordsTheTermBeforeItsFirstRequest() throws Exception {
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 5, "b#1");
    Await.until("all zones", () -> readied.size() == 6);
    TermUpstream late = closing(new TermUpstream(14));
    late.mute(true);
    register(late.address(), 14);
    assertThat(failureOf(process(1))).isEqualTo(UpstreamFailure.NO_UPSTREAM);
    late.mute(false);
    Await.until("it is open", () -> gateway.gate().open(instance(late)));
    get(process(2));
    assertThat(late.asked()).contains(5L);
    // Another process there is another instance.
    late.mute(true);
    int before = late.asked().size();
    register(late.address(), 15);
    assertThat(failureOf(process(3))).isEqualTo(UpstreamFailure.NO_UPSTREAM);
    Await.until("it was asked again", () -> late.asked().size() > before);
    assertThat(recorder.ready(ZONE)).isTrue();
  }

  @Test
  void anAnswerOfAnotherProcessDoesNotOpenTheWay() throws Exception {
    TermUpstream restarted = closing(new TermUpstream(21));
    register(restarted.address(), 20);
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 5, "b#1");
    Await.until("it was asked twice", () -> restarted.asked().size() >= 2);
    assertThat(recorder.ready(ZONE)).isFalse();
    register(restarted.address(), 21);
    Await.until("the zone", () -> recorder.ready(ZONE));
    assertThat(get(process(1)).getMessage()).isEqualTo("21");
  }

  @Test
  void aHigherTermThereDeposesThisGateway() throws Exception {
    TermUpstream one = upstream(11);
    one.knows(9);
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 5, "b#1");
    Await.until("it is told", () -> fencedBy.contains(9L));
    assertThat(recorder.ready(ZONE)).isFalse();
    assertThat(failureOf(process(1))).isEqualTo(UpstreamFailure.NO_UPSTREAM);
    recorder.begin("p", 10, "b#1");
    Await.until("the zone", () -> recorder.ready(ZONE));
  }

  @Test
  void termsOnlyRise() throws Exception {
    TermUpstream one = upstream(11);
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 5, "b#1");
    Await.until("the zone", () -> recorder.ready(ZONE));
    recorder.begin("p", 5, "b#1");
    recorder.begin("p", 4, "b#1");
    assertThat(recorder.ready(ZONE)).isTrue();
    assertThat(gateway.gate().term()).isEqualTo(5);
    get(process(1));
    assertThat(one.asked()).containsExactly(5L);
    assertThatThrownBy(() -> recorder.begin("", 6, "b#1")).hasMessageContaining("expected");
    assertThatThrownBy(() -> recorder.begin("p", 0, "b#1")).hasMessageContaining("expected");
  }

  @Test
  void aServiceOfTheSdkRecordsItAndFencesTheOldGateway() throws Exception {
    Gateway old = closing(new Gateway(new RecordingPort()));
    UpstreamService service =
        closing(
            UpstreamService.builder()
                .zone("003")
                .listen("127.0.0.1:0")
                .gateway(gateway.address())
                .gateway(old.address())
                .on("echo", request -> Reply.ok("echo"))
                .start());
    Await.until("registered", () -> registeredAt(gateway) && registeredAt(old));
    UpstreamRequest first = termed(1, 1);
    assertThat(get(old.process(ZONE, first, LONG)).getMessage()).isEqualTo("echo");
    FenceRecorder recorder = recorder(Duration.ofSeconds(30));
    recorder.begin("p", 2, "b#1");
    Await.until("the zone", () -> recorder.ready(ZONE));
    assertThat(failureOf(old.process(ZONE, termed(2, 1), LONG))).isEqualTo(UpstreamFailure.FENCED);
    assertThat(old.fencedBy()).containsExactly("p 2");
    assertThat(get(gateway.process(ZONE, termed(2, 2), LONG)).getMessage()).isEqualTo("echo");
    assertThat(service.stats().handled()).isEqualTo(2);
  }

  private static boolean registeredAt(Gateway gateway) {
    return !gateway.registry().table().instances(ZONE).isEmpty();
  }

  private static UpstreamRequest termed(long seqId, long term) {
    return request("s", "echo", seqId).toBuilder().setGatewayPair("p").setGatewayTerm(term).build();
  }

  private FenceRecorder recorder(Duration patience) {
    return closing(
        FenceRecorder.start(
            gateway.caller(),
            gateway.registry(),
            gateway.gate(),
            new FenceRecorder.Settings(Duration.ofMillis(50), Duration.ofMillis(10), patience),
            new FenceRecorder.Observer() {
              @Override
              public void onReady(ZoneId zone) {
                readied.add(zone);
              }

              @Override
              public void onFenced(String pair, long term) {
                fencedBy.add(term);
              }
            }));
  }

  private boolean serves() throws Exception {
    return gateway.loop().submit(() -> gateway.caller().serves(ZONE)).get();
  }

  private TermUpstream upstream(long incarnation) throws IOException {
    TermUpstream upstream = closing(new TermUpstream(incarnation));
    register(upstream.address(), incarnation);
    return upstream;
  }

  private UpstreamInstance register(String address, long incarnation) {
    return ((Registered)
            gateway.registry().register(address, ZONE.toString(), "raw", incarnation, null))
        .instance();
  }

  private UpstreamInstance instance(TermUpstream upstream) {
    return gateway.registry().table().instances(ZONE).stream()
        .filter(instance -> instance.incarnation() == upstream.incarnation())
        .findFirst()
        .orElseThrow();
  }

  private CompletableFuture<UpstreamResponse> process(long seqId) {
    return gateway.process(ZONE, request("s", "echo", seqId), LONG);
  }

  private <T extends AutoCloseable> T closing(T part) {
    parts.add(part);
    return part;
  }

  private static UpstreamResponse get(CompletableFuture<UpstreamResponse> answer) throws Exception {
    return answer.get(40, TimeUnit.SECONDS);
  }

  private static UpstreamFailure failureOf(CompletableFuture<UpstreamResponse> answer)
      throws Exception {
    try {
      throw new AssertionError("answered: " + get(answer));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Gateway.Failed failed) {
        return failed.failure();
      }
      throw e;
    }
  }
}
