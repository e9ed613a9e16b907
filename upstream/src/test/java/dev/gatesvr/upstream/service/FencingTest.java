package dev.gatesvr.upstream.service;

import static dev.gatesvr.upstream.service.ServiceRig.LONG;
import static dev.gatesvr.upstream.service.ServiceRig.failureOf;
import static dev.gatesvr.upstream.service.ServiceRig.get;
import static dev.gatesvr.upstream.support.Gateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.FenceServiceGrpc;
import dev.gatesvr.proto.RecordTermRequest;
import dev.gatesvr.proto.RecordTermResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.upstream.grpc.UpstreamFailure;
import dev.gatesvr.upstream.support.Await;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of a gateway that was deposed, over real gRPC. */
class FencingTest {
  private final ServiceRig rig = new ServiceRig();
  private final List<Long> ran = new CopyOnWriteArrayList<>();
  private final Semaphore mayReturn = new Semaphore(0);

  FencingTest() throws IOException {}

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aRequestOfALowerTermDoesNotRunAndDeposesItsGateway() throws Exception {
    mayReturn.release(9);
    UpstreamService service = rig.start(counting());
    get(rig.process(termed("a", 1, 2), LONG));
    assertThat(failureOf(rig.process(termed("a", 2, 1), LONG))).isEqualTo(UpstreamFailure.FENCED);
    assertThat(failureOf(rig.process(termed("a", 3, 0), LONG))).isEqualTo(UpstreamFailure.FENCED);
    assertThat(ran).containsExactly(1L);
    assertThat(rig.gateway().fencedBy()).containsExactly("p 2", "p 2");
    assertThat(service.stats().fenced()).isEqualTo(2);
    assertThat(UpstreamFailure.FENCED.mayHaveRun()).isFalse();
    assertThat(UpstreamFailure.FENCED.errorCode()).isEqualTo(503);
  }

  @Test
  void aGatewayWithoutAPairIsServedAsAlways() throws Exception {
    mayReturn.release(9);
    UpstreamService service = rig.start(counting());
    record(service, "p", 7);
    assertThat(get(rig.process("count", 1)).getCode()).isEqualTo(200);
  }

  @Test
  void aRecordedTermFencesWithoutAnyRequest() throws Exception {
    mayReturn.release(9);
    UpstreamService service = rig.start(counting());
    assertThat(record(service, "p", 2))
        .isEqualTo(
            RecordTermResponse.newBuilder()
                .setRecorded(true)
                .setTerm(2)
                .setIncarnation(service.incarnation())
                .build());
    assertThat(record(service, "p", 2).getRecorded()).isTrue();
    assertThat(record(service, "p", 1).getRecorded()).isFalse();
    assertThat(record(service, "p", 1).getTerm()).isEqualTo(2);
    assertThat(failureOf(rig.process(termed("a", 1, 1), LONG))).isEqualTo(UpstreamFailure.FENCED);
    assertThat(ran).isEmpty();
    assertThatThrownBy(() -> record(service, "", 1)).hasMessageContaining("INVALID_ARGUMENT");
    assertThatThrownBy(() -> record(service, "p", 0)).hasMessageContaining("INVALID_ARGUMENT");
  }

  @Test
  void whatStillWaitsForItsTurnDoesNotRunAfterAHigherTerm() throws Exception {
    UpstreamService service = rig.start(counting());
    CompletableFuture<UpstreamResponse> running = rig.process(termed("a", 1, 1), LONG);
    Await.until("the first runs", () -> ran.size() == 1);
    CompletableFuture<UpstreamResponse> waiting = rig.process(termed("a", 2, 1), LONG);
    Await.until("the second waits", () -> service.stats().running() == 2);
    record(service, "p", 2);
    mayReturn.release(9);
    // The first had begun: its gateway gets no answer, and may not say that it did not run.
    assertThat(failureOf(running)).isEqualTo(UpstreamFailure.OUTCOME_UNKNOWN);
    assertThat(failureOf(waiting)).isEqualTo(UpstreamFailure.FENCED);
    assertThat(ran).containsExactly(1L);
  }

  @Test
  void aRunThatHadBegunAnswersTheNewGateway() throws Exception {
    UpstreamService service = rig.start(counting());
    CompletableFuture<UpstreamResponse> old = rig.process(termed("a", 1, 1), LONG);
    Await.until("it runs", () -> ran.size() == 1);
    CompletableFuture<UpstreamResponse> joining = rig.process(copy(service, 1, 2), LONG);
    Await.until("its copy joined", () -> service.stats().repeated() == 1);
    mayReturn.release(9);
    assertThat(get(joining).getMessage()).isEqualTo("ran 1");
    assertThat(failureOf(old)).isEqualTo(UpstreamFailure.OUTCOME_UNKNOWN);
    assertThat(get(rig.process(copy(service, 1, 2), LONG)).getMessage()).isEqualTo("ran 1");
    assertThat(ran).containsExactly(1L);
  }

  @Test
  void whatWaitedForTheOldGatewayRunsForTheNewOneThatJoined() throws Exception {
    UpstreamService service = rig.start(counting());
    CompletableFuture<UpstreamResponse> first = rig.process(termed("a", 1, 1), LONG);
    Await.until("the first runs", () -> ran.size() == 1);
    CompletableFuture<UpstreamResponse> old = rig.process(termed("a", 2, 1), LONG);
    Await.until("the second waits", () -> service.stats().running() == 2);
    CompletableFuture<UpstreamResponse> joined = rig.process(copy(service, 2, 2), LONG);
    Await.until("its copy joined", () -> service.stats().repeated() == 1);
    mayReturn.release(9);
    assertThat(get(joined).getMessage()).isEqualTo("ran 2");
    assertThat(failureOf(old)).isEqualTo(UpstreamFailure.OUTCOME_UNKNOWN);
    assertThat(failureOf(first)).isEqualTo(UpstreamFailure.OUTCOME_UNKNOWN);
    assertThat(ran).containsExactly(1L, 2L);
  }

  @Test
  void aPairBeyondTheBoundIsRefusedWithThePromiseThatNothingRan() throws Exception {
    mayReturn.release(99);
    UpstreamService service = rig.start(counting());
    for (int n = 0; n < Fences.PAIRS_MAX; n++) {
      record(service, "pair " + n, 1);
    }
    assertThat(failureOf(rig.process(termed("a", 1, 1), LONG))).isEqualTo(UpstreamFailure.REFUSED);
    assertThatThrownBy(() -> record(service, "p", 1))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("at most 64 pairs");
    assertThat(ran).isEmpty();
  }

  @Test
  void aProcessThatStartsAnewHasNoFence() throws Exception {
    mayReturn.release(99);
    UpstreamService first = rig.start(counting());
    record(first, "p", 9);
    first.close();
    UpstreamService second = rig.start(counting().listen("127.0.0.1:" + first.port()));
    assertThat(call(second, termed("a", 1, 1)).getFencedByTerm()).isZero();
    assertThat(record(second, "p", 9).getRecorded()).isTrue();
    assertThat(call(second, termed("a", 2, 1)).getFencedByTerm()).isEqualTo(9);
  }

  private UpstreamServiceBuilder counting() {
    return rig.builder()
        .on(
            "count",
            request -> {
              ran.add(request.clientSeqId());
              mayReturn.acquire();
              return Reply.ok("ran " + request.clientSeqId());
            });
  }

  private static UpstreamRequest termed(String session, long seqId, long term) {
    return request(session, "count", seqId).toBuilder()
        .setGatewayPair("p")
        .setGatewayTerm(term)
        .build();
  }

  private static UpstreamRequest copy(UpstreamService service, long seqId, long term) {
    return termed("a", seqId, term).toBuilder()
        .setAttemptedIncarnation(service.incarnation())
        .build();
  }

  private static RecordTermResponse record(UpstreamService service, String pair, long term) {
    ManagedChannel channel = channel(service);
    try {
      return FenceServiceGrpc.newBlockingStub(channel)
          .recordTerm(
              RecordTermRequest.newBuilder().setPair(pair).setTerm(term).setLeader("x#1").build());
    } finally {
      channel.shutdownNow();
    }
  }

  private static UpstreamResponse call(UpstreamService service, UpstreamRequest request) {
    ManagedChannel channel = channel(service);
    try {
      return UpstreamServiceGrpc.newBlockingStub(channel).processRequest(request);
    } finally {
      channel.shutdownNow();
    }
  }

  private static ManagedChannel channel(UpstreamService service) {
    return NettyChannelBuilder.forAddress("127.0.0.1", service.port()).usePlaintext().build();
  }
}
