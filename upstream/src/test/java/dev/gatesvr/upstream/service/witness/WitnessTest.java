package dev.gatesvr.upstream.service.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.LeadershipValue;
import dev.gatesvr.proto.WatchBeat;
import dev.gatesvr.proto.WatchReport;
import dev.gatesvr.proto.WitnessAccept;
import dev.gatesvr.proto.WitnessAnswer;
import dev.gatesvr.proto.WitnessBallot;
import dev.gatesvr.proto.WitnessPrepare;
import dev.gatesvr.proto.WitnessServiceGrpc;
import dev.gatesvr.upstream.service.UpstreamService;
import dev.gatesvr.upstream.service.WitnessServer;
import dev.gatesvr.upstream.support.Await;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {
  private static final LeadershipValue VALUE =
      LeadershipValue.newBuilder().setVersion(1).setTerm(1).setLeader("A").addInSync("A").build();

  @TempDir private Path directory;

  /** A gateway's end of the connection. */
  private static final class Client implements AutoCloseable {
    private final ManagedChannel channel;

    Client(int port) {
      channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private WitnessServiceGrpc.WitnessServiceBlockingStub stub() {
      return WitnessServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    WitnessAnswer prepare(String pair, long round, String proposer) {
      return stub()
          .prepare(
              WitnessPrepare.newBuilder().setPair(pair).setBallot(ballot(round, proposer)).build());
    }

    WitnessAnswer accept(String pair, long round, String proposer) {
      return stub()
          .accept(
              WitnessAccept.newBuilder()
                  .setPair(pair)
                  .setBallot(ballot(round, proposer))
                  .setValue(VALUE)
                  .build());
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  private static WitnessBallot ballot(long round, String proposer) {
    return WitnessBallot.newBuilder().setRound(round).setProposer(proposer).build();
  }

  @Test
  void votesLikeAnAcceptorAndKeepsThePairsApart() throws IOException {
    try (WitnessServer server = WitnessServer.start("127.0.0.1:0", directory, true);
        Client client = new Client(server.port())) {
      WitnessAnswer promise = client.prepare("pair", 2, "A");
      assertThat(promise.getRejected()).isFalse();
      assertThat(promise.getValue()).isEqualTo(LeadershipValue.getDefaultInstance());
      assertThat(client.accept("pair", 2, "A").getAcceptedAt()).isEqualTo(ballot(2, "A"));
      WitnessAnswer late = client.prepare("pair", 1, "Z");
      assertThat(late.getRejected()).isTrue();
      assertThat(late.getPromised()).isEqualTo(ballot(2, "A"));
      assertThat(client.prepare("pair", 2, "B").getValue()).isEqualTo(VALUE);
      assertThat(client.accept("pair", 2, "A").getRejected()).isTrue();
      assertThat(client.prepare("other", 1, "A").getRejected()).isFalse();
    }
  }

  @Test
  void promisesAndValuesOutliveTheProcessAndALostDiskIsNoStart() throws IOException {
    long id;
    try (WitnessServer server = WitnessServer.start("127.0.0.1:0", directory, true);
        Client client = new Client(server.port())) {
      client.accept("pair", 5, "A");
      id = client.prepare("pair", 9, "B").getWitnessId();
    }
    try (WitnessServer server = WitnessServer.start("127.0.0.1:0", directory, false);
        Client client = new Client(server.port())) {
      WitnessAnswer answer = client.prepare("pair", 8, "A");
      assertThat(answer.getWitnessId()).isEqualTo(id);
      assertThat(answer.getRejected()).isTrue();
      assertThat(answer.getPromised()).isEqualTo(ballot(9, "B"));
      assertThat(answer.getValue()).isEqualTo(VALUE);
    }
    Files.delete(directory.resolve("witness.state"));
    assertThatThrownBy(() -> WitnessServer.start("127.0.0.1:0", directory, false).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds no witness.state");
  }

  @Test
  void aWitnessThatCannotWriteSaysNothing() throws IOException {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    try (WitnessServer server = WitnessServer.start("127.0.0.1:0", gone, true);
        Client client = new Client(server.port())) {
      client.prepare("pair", 1, "A");
      Files.move(gone, directory.resolve("elsewhere"));
      assertRefused(() -> client.prepare("pair", 2, "A"), Status.Code.UNAVAILABLE);
      Files.move(directory.resolve("elsewhere"), gone);
      // What is on disk is not known any more: only a new start reads it.
      assertRefused(() -> client.prepare("pair", 2, "A"), Status.Code.UNAVAILABLE);
    }
    try (WitnessServer server = WitnessServer.start("127.0.0.1:0", gone, false);
        Client client = new Client(server.port())) {
      assertThat(client.prepare("pair", 2, "A").getRejected()).isFalse();
    }
  }

  @Test
  void whatIsMalformedOrTooMuchIsRefused() throws IOException {
    try (WitnessServer server = WitnessServer.start("127.0.0.1:0", directory, true);
        Client client = new Client(server.port())) {
      assertRefused(() -> client.prepare("", 1, "A"), Status.Code.INVALID_ARGUMENT);
      assertRefused(() -> client.prepare("p".repeat(65), 1, "A"), Status.Code.INVALID_ARGUMENT);
      assertRefused(() -> client.prepare("pair", 0, "A"), Status.Code.INVALID_ARGUMENT);
      assertRefused(() -> client.prepare("pair", 1, "a\nb"), Status.Code.INVALID_ARGUMENT);
      for (int pair = 0; pair < WitnessLimits.PAIRS_MAX; pair++) {
        client.prepare("pair-" + pair, 1, "A");
      }
      assertRefused(() -> client.prepare("more", 1, "A"), Status.Code.RESOURCE_EXHAUSTED);
      assertThat(client.prepare("pair-0", 2, "A").getRejected()).isFalse();
    }
  }

  private static void assertRefused(Runnable call, Status.Code code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  @Test
  void aServiceIsAWitnessOnItsOwnPortAndItsStopDoesNotWaitForTheWatches() throws Exception {
    UpstreamService service =
        UpstreamService.builder()
            .zone("001")
            .listen("127.0.0.1:0")
            .gateway("127.0.0.1:1")
            .witness(directory, true)
            .start();
    try (Client client = new Client(service.port())) {
      assertThat(client.prepare("pair", 1, "A").getRejected()).isFalse();
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      CompletableFuture<WatchReport> first = new CompletableFuture<>();
      WitnessServiceGrpc.newStub(client.channel)
          .watch(new Ending(first, ended))
          .onNext(
              WatchBeat.newBuilder().setPair("pair").setIncarnation("A").setSilenceMs(300).build());
      assertThat(first.get(10, TimeUnit.SECONDS).getWitnessId()).isNotZero();
      long startNanos = System.nanoTime();
      service.stop(Duration.ofSeconds(30));
      assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
          .isLessThan(Duration.ofSeconds(15));
      Await.until("the watch ended", ended::isDone);
    } finally {
      service.close();
    }
  }

  private record Ending(CompletableFuture<WatchReport> first, CompletableFuture<Throwable> ended)
      implements StreamObserver<WatchReport> {
    @Override
    public void onNext(WatchReport report) {
      first.complete(report);
    }

    @Override
    public void onError(Throwable failure) {
      ended.complete(failure);
    }

    @Override
    public void onCompleted() {
      ended.complete(new AssertionError("ended without a reason"));
    }
  }
}
