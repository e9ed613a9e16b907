package dev.gatesvr.upstream.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.GatewayServiceGrpc;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.proto.UpstreamRegisterResponse;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.support.Await;
import dev.gatesvr.upstream.support.Gateway;
import dev.gatesvr.upstream.support.RecordingPort;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayGrpcServerTest {
  private final RecordingPort port = new RecordingPort("player-1", "s-1");
  private final Gateway gateway = new Gateway(port);
  private final ManagedChannel channel =
      NettyChannelBuilder.forTarget(gateway.address()).usePlaintext().build();

  GatewayGrpcServerTest() throws IOException {}

  @AfterEach
  void close() {
    channel.shutdownNow();
    gateway.close();
  }

  @Test
  void anAddressWithoutHostMeansWhereTheRegistrationCameFrom() {
    UpstreamRegisterResponse response = register(":9001", "003", "old");
    assertThat(response.getSuccess()).isTrue();
    assertThat(response.getErrorCode()).isEmpty();
    assertThat(gateway.registry().table().instances(ZoneId.ZONE_003))
        .singleElement()
        .satisfies(
            instance ->
                assertThat(instance.address()).isEqualTo(new InstanceAddress("127.0.0.1", 9001)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 003, INVALID_ADDRESS",
    "10.0.0.1:0, 003, INVALID_ADDRESS",
    "10.0.0.1:70000, 003, INVALID_ADDRESS",
    "a b:1, 003, INVALID_ADDRESS",
    "evil/../path:80, 003, INVALID_ADDRESS",
    "10.0.0.1:1, '', INVALID_ZONE_ID",
    "10.0.0.1:1, 007, INVALID_ZONE_ID",
    "10.0.0.1:1, 3, INVALID_ZONE_ID",
  })
  void aHostileRegistrationIsAnsweredInBandAndChangesNothing(
      String address, String zone, String code) {
    UpstreamRegisterResponse response = register(address, zone, "x");
    assertThat(response.getSuccess()).isFalse();
    assertThat(response.getErrorCode()).isEqualTo(code);
    assertThat(response.getMessage()).contains("expected");
    assertThat(gateway.registry().table().all()).isEmpty();
  }

  @Test
  void aNameThatWouldForgeALogLineIsRefused() {
    assertThat(register("10.0.0.1:1", "003", "x\nWARN all is lost").getErrorCode())
        .isEqualTo("REGISTER_FAILED");
  }

  @Test
  void aPushReachesThePortWholeAndItsReplyReturns() {
    UnicastPushRequest request =
        UnicastPushRequest.newBuilder()
            .setTargetType("session")
            .setTargetId("s-1")
            .setMsgType("mail")
            .setTitle("t")
            .setContent("c")
            .setData(ByteString.copyFromUtf8("d"))
            .putMetadata("k", "v")
            .setSyncHint(NotifySyncHint.NSH_BEFORE_RESPONSE)
            .setBindClientSeqId(7)
            .build();
    assertThat(push(request).getSuccess()).isTrue();
    assertThat(port.pushes()).containsExactly(request);
  }

  @Test
  void everyAnswerCarriesThePairAndTheTermOfItsArrival() {
    gateway.facts(new PairFacts("p", 3, false, "a"));
    assertThat(register(":9001", "003", "x"))
        .satisfies(response -> assertThat(response.getStandby()).isFalse())
        .satisfies(response -> assertThat(response.getGatewayTerm()).isEqualTo(3))
        .satisfies(response -> assertThat(response.getGatewayPair()).isEqualTo("p"));
    assertThat(push(target("openid", "player-1")).getGatewayTerm()).isEqualTo(3);
    assertThat(push(target("openid", "")).getGatewayPair()).isEqualTo("p");
    assertThat(stub().broadcastToClients(BroadcastRequest.getDefaultInstance()).getGatewayTerm())
        .isEqualTo(3);
  }

  @Test
  void whatWasTakenInAnOlderTermIsNotAnsweredUnderANewerOne() throws Exception {
    gateway.facts(new PairFacts("p", 3, false, "a"));
    CompletableFuture<UnicastPushResponse> answer = new CompletableFuture<>();
    GatewayServiceGrpc.newStub(channel)
        .pushToClient(target("openid", "held"), new Completing(answer));
    Await.until("it is there", () -> port.pushes().size() == 1);
    gateway.facts(new PairFacts("p", 4, false, "a"));
    port.release(UnicastPushResponse.newBuilder().setSuccess(true).build());
    assertThat(answer.get(10, TimeUnit.SECONDS).getGatewayTerm()).isEqualTo(3);
  }

  @Test
  void aStandbyTakesRegistrationsAndNoPushes() {
    gateway.facts(new PairFacts("p", 3, true, "a at 10.0.0.1"));
    assertThat(register(":9001", "003", "x"))
        .satisfies(response -> assertThat(response.getSuccess()).isTrue())
        .satisfies(response -> assertThat(response.getStandby()).isTrue());
    assertThat(push(target("openid", "player-1")))
        .satisfies(response -> assertThat(response.getSuccess()).isFalse())
        .satisfies(response -> assertThat(response.getErrorCode()).isEqualTo("NOT_PRIMARY"))
        .satisfies(response -> assertThat(response.getMessage()).contains("a at 10.0.0.1"))
        .satisfies(response -> assertThat(response.getGatewayTerm()).isEqualTo(3));
    assertThat(stub().broadcastToClients(BroadcastRequest.getDefaultInstance()))
        .satisfies(response -> assertThat(response.getMessage()).isEqualTo("NOT_PRIMARY"))
        .satisfies(response -> assertThat(response.getSentCount()).isZero());
    assertThat(port.pushes()).isEmpty();
    assertThat(port.broadcasts()).isEmpty();
  }

  @Test
  void aPushToAnAbsentPlayerIsAnHonestNo() {
    assertThat(push(target("openid", "nobody")))
        .satisfies(response -> assertThat(response.getSuccess()).isFalse())
        .satisfies(response -> assertThat(response.getErrorCode()).isEqualTo("NO_SUCH_PLAYER"));
  }

  @Test
  void aPushThatCannotBeServedNeverReachesThePort() {
    assertThat(push(target("", "x")).getErrorCode()).isEqualTo(PushErrors.INVALID_TARGET_TYPE);
    assertThat(push(target("everybody", "x")).getErrorCode())
        .isEqualTo(PushErrors.INVALID_TARGET_TYPE);
    assertThat(push(target("gid", "g")).getErrorCode()).isEqualTo(PushErrors.UNSUPPORTED_TARGET);
    assertThat(push(target("openid", "")).getErrorCode()).isEqualTo(PushErrors.INVALID_TARGET_ID);
    assertThat(push(target("openid", "x".repeat(257))).getErrorCode())
        .isEqualTo(PushErrors.INVALID_TARGET_ID);
    UnicastPushRequest unbound =
        target("openid", "player-1").toBuilder()
            .setSyncHint(NotifySyncHint.NSH_AFTER_RESPONSE)
            .build();
    assertThat(push(unbound).getErrorCode()).isEqualTo(PushErrors.INVALID_BINDING);
    assertThat(port.pushes()).isEmpty();
  }

  @Test
  void anUnknownHintIsTakenAsImmediately() {
    UnicastPushRequest request =
        target("openid", "player-1").toBuilder().setSyncHintValue(77).build();
    assertThat(push(request).getSuccess()).isTrue();
    assertThat(port.pushes())
        .singleElement()
        .satisfies(
            seen -> assertThat(seen.getSyncHint()).isEqualTo(NotifySyncHint.NSH_IMMEDIATELY));
  }

  @Test
  void aPortThatThrowsIsAnInternalErrorAndTheNextPushWorks() {
    assertThat(push(target("openid", "explode")).getErrorCode()).isEqualTo(PushErrors.INTERNAL);
    assertThat(push(target("openid", "player-1")).getSuccess()).isTrue();
  }

  @Test
  void theFirstOfTwoRepliesCounts() {
    assertThat(push(target("openid", "twice")).getMessage()).isEmpty();
    assertThat(push(target("openid", "player-1")).getSuccess()).isTrue();
  }

  @Test
  void aCallerThatLeftDoesNotBreakTheReply() {
    assertThatThrownBy(
            () ->
                stub()
                    .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                    .pushToClient(target("openid", "silent")))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    assertThat(push(target("openid", "player-1")).getSuccess()).isTrue();
  }

  @Test
  void pushesOfOneConnectionReachThePortInOrder() throws Exception {
    // gRPC sends what waited for a connection in any order, so the connection comes first.
    stub().broadcastToClients(BroadcastRequest.getDefaultInstance());
    GatewayServiceGrpc.GatewayServiceStub async = GatewayServiceGrpc.newStub(channel);
    List<String> sent = new ArrayList<>();
    for (int n = 0; n < 500; n++) {
      sent.add("p" + n);
      async.pushToClient(target("openid", "p" + n), new Ignoring());
    }
    Await.until("all are there", () -> port.pushes().size() == 500);
    assertThat(port.pushes()).extracting(UnicastPushRequest::getTargetId).isEqualTo(sent);
  }

  @Test
  void aMessageAboveTheBoundIsRefusedAndTheConnectionLives() {
    UnicastPushRequest huge =
        target("openid", "player-1").toBuilder()
            .setData(ByteString.copyFrom(new byte[GrpcBounds.MESSAGE_BYTES_MAX]))
            .build();
    assertThatThrownBy(() -> push(huge)).isInstanceOf(StatusRuntimeException.class);
    assertThat(push(target("openid", "player-1")).getSuccess()).isTrue();
    assertThat(port.pushes()).hasSize(1);
  }

  @Test
  void broadcastsAndHealthAreAnswered() {
    BroadcastRequest request = BroadcastRequest.newBuilder().setContent("hello").build();
    assertThat(stub().broadcastToClients(request).getSentCount()).isEqualTo(2);
    assertThat(port.broadcasts()).containsExactly(request);
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  private UpstreamRegisterResponse register(String address, String zone, String name) {
    return stub()
        .registerUpstream(
            UpstreamRegisterRequest.newBuilder()
                .setAddress(address)
                .setZoneId(zone)
                .setServiceName(name)
                .build());
  }

  private UnicastPushResponse push(UnicastPushRequest request) {
    return stub().pushToClient(request);
  }

  private GatewayServiceGrpc.GatewayServiceBlockingStub stub() {
    return GatewayServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  private static UnicastPushRequest target(String type, String id) {
    return UnicastPushRequest.newBuilder().setTargetType(type).setTargetId(id).build();
  }

  private record Completing(CompletableFuture<UnicastPushResponse> answer)
      implements StreamObserver<UnicastPushResponse> {
    @Override
    public void onNext(UnicastPushResponse response) {
      answer.complete(response);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {}
  }

  private static final class Ignoring implements StreamObserver<UnicastPushResponse> {
    @Override
    public void onNext(UnicastPushResponse response) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
