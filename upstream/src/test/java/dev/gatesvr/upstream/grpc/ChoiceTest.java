package dev.gatesvr.upstream.grpc;

import static dev.gatesvr.upstream.support.Gateway.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.registry.RegisterResult.Registered;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request whose process is known to its owner before it is sent. */
class ChoiceTest {
  private static final ZoneId ZONE = ZoneId.ZONE_003;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<AutoCloseable> parts = new ArrayList<>();
  private final Gateway gateway = closing(new Gateway(new RecordingPort()));
  private final List<Long> moves = new CopyOnWriteArrayList<>();
  private volatile @Nullable Runnable parked;

  ChoiceTest() throws IOException {}

  @AfterEach
  void closeParts() throws Exception {
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
  }

  @Test
  void theRequestGoesWhereItWasChosenToGo() throws Exception {
    TermUpstream one = upstream(11);
    TermUpstream two = upstream(12);
    for (int n = 1; n <= 8; n++) {
      Choice choice = choose(request("s", "echo", n));
      assertThat(get(send(choice, request("s", "echo", n))).getMessage())
          .isEqualTo(Long.toString(choice.incarnation()));
    }
    assertThat(one.requests()).hasSize(4);
    assertThat(two.requests()).hasSize(4);
    assertThat(moves).isEmpty();
  }

  @Test
  void aZoneWithoutInstancesHasNoChoice() throws Exception {
    assertThat(onLoop(() -> gateway.caller().choose(ZONE, request("s", "echo", 1)) == null))
        .isTrue();
  }

  @Test
  void anInstanceOfTheOldWireHasNoIncarnation() throws Exception {
    RawUpstream old = closing(new RawUpstream("old"));
    register(old.address(), 0);
    Choice choice = choose(request("s", "echo", 1));
    assertThat(choice.incarnation()).isZero();
    assertThat(get(send(choice, request("s", "echo", 1))).getMessage()).isEqualTo("old");
  }

  @Test
  void beforeItGoesToAnotherProcessItsOwnerIsAsked() throws Exception {
    TermUpstream one = upstream(11);
    Choice choice = choose(request("s", "echo", 1));
    TermUpstream two = upstream(12);
    gateway.registry().remove(instance(11));
    CompletableFuture<UpstreamResponse> answer = sendParked(choice);
    Await.until("it is asked", () -> moves.equals(List.of(12L)));
    assertThat(two.requests()).isEmpty();
    Runnable go = parked;
    assertThat(go).isNotNull();
    gateway.loop().execute(go);
    assertThat(get(answer).getMessage()).isEqualTo("12");
    assertThat(one.requests()).isEmpty();
    assertThat(inFlight()).isZero();
  }

  @Test
  void aConnectionThatIsRefusedMovesItToo() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    register("127.0.0.1:" + port, 13);
    Choice choice = choose(request("s", "echo", 1));
    assertThat(choice.incarnation()).isEqualTo(13);
    upstream(12);
    assertThat(get(send(choice, request("s", "echo", 1))).getMessage()).isEqualTo("12");
    assertThat(moves).containsExactly(12L);
  }

  @Test
  void anotherProcessAtTheSameAddressIsAnotherChoice() throws Exception {
    TermUpstream one = upstream(11);
    Choice choice = choose(request("s", "echo", 1));
    register(one.address(), 19);
    get(send(choice, request("s", "echo", 1)));
    assertThat(moves).containsExactly(19L);
  }

  @Test
  void aRefreshIsNoMove() throws Exception {
    TermUpstream one = upstream(11);
    Choice choice = choose(request("s", "echo", 1));
    register(one.address(), 11);
    get(send(choice, request("s", "echo", 1)));
    assertThat(moves).isEmpty();
  }

  @Test
  void closingEndsWhatWaitsForItsOwner() throws Exception {
    upstream(11);
    Choice choice = choose(request("s", "echo", 1));
    upstream(12);
    gateway.registry().remove(instance(11));
    CompletableFuture<UpstreamResponse> answer = sendParked(choice);
    Await.until("it is asked", () -> parked != null);
    gateway.caller().close();
    assertThat(failureOf(answer)).isEqualTo(UpstreamFailure.STOPPED);
    Runnable go = parked;
    assertThat(go).isNotNull();
    gateway.loop().submit(go).get();
    assertThat(inFlight()).isZero();
  }

  @Test
  void whatWasSentBeforeGoesToTheProcessThatGotIt() throws Exception {
    upstream(11);
    TermUpstream two = upstream(12);
    upstream(13);
    for (int n = 1; n <= 6; n++) {
      UpstreamRequest again = again(n, 12);
      Choice choice = choose(again);
      assertThat(choice.incarnation()).isEqualTo(12);
      assertThat(get(send(choice, again)).getMessage()).isEqualTo("12");
    }
    assertThat(two.requests())
        .allSatisfy(request -> assertThat(request.getAttemptedIncarnation()).isEqualTo(12));
  }

  @Test
  void whereThatProcessIsNotRegisteredAnyOtherIsAskedAtOnce() throws Exception {
    TermUpstream one = upstream(11);
    register(closing(new RawUpstream("old")).address(), 0);
    long start = System.nanoTime();
    UpstreamRequest again = again(1, 99);
    assertThat(get(send(choose(again), again)).getMessage()).isEqualTo("11");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(one.requests().get(0).getAttemptedIncarnation()).isEqualTo(99);
  }

  @Test
  void whatWasSentBeforeMayHaveRunWhereNobodyIs() throws Exception {
    UpstreamRequest again = again(1, 99);
    UpstreamFailure failure =
        failureOf(send(choose(again), again, Duration.ofMillis(300), Dispatch.AT_ONCE));
    assertThat(failure.mayHaveRun()).isTrue();
  }

  private static UpstreamRequest again(long seqId, long incarnation) {
    return request("s", "echo", seqId).toBuilder().setAttemptedIncarnation(incarnation).build();
  }

  private Choice choose(UpstreamRequest request) throws Exception {
    Choice choice = onLoop(() -> gateway.caller().choose(ZONE, request));
    assertThat(choice).isNotNull();
    return choice;
  }

  private CompletableFuture<UpstreamResponse> send(Choice choice, UpstreamRequest request) {
    return send(
        choice,
        request,
        LONG,
        (incarnation, go) -> {
          moves.add(incarnation);
          go.run();
        });
  }

  private CompletableFuture<UpstreamResponse> sendParked(Choice choice) {
    return send(
        choice,
        request("s", "echo", 1),
        LONG,
        (incarnation, go) -> {
          parked = go;
          moves.add(incarnation);
        });
  }

  private CompletableFuture<UpstreamResponse> send(
      Choice choice, UpstreamRequest request, Duration timeout, Dispatch dispatch) {
    CompletableFuture<UpstreamResponse> answer = new CompletableFuture<>();
    gateway
        .loop()
        .execute(
            () ->
                gateway
                    .caller()
                    .send(
                        choice, request, timeout.toNanos(), dispatch, gateway.observerOf(answer)));
    return answer;
  }

  private int inFlight() throws Exception {
    return onLoop(gateway.caller()::inFlight);
  }

  private <T> T onLoop(java.util.concurrent.Callable<T> task) throws Exception {
    return gateway.loop().submit(task).get();
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

  private UpstreamInstance instance(long incarnation) {
    return gateway.registry().table().instances(ZONE).stream()
        .filter(instance -> instance.incarnation() == incarnation)
        .findFirst()
        .orElseThrow();
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
