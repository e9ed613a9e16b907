package dev.gatesvr.gateway.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.GatewayServiceGrpc;
import dev.gatesvr.proto.GatewayServiceGrpc.GatewayServiceBlockingStub;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.proto.UpstreamRegisterResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * An upstream that knows only GateSvr's wire: generated stubs, fields 1 to 19, registers once. It
 * echoes unless a test says otherwise.
 */
public final class RawZone extends UpstreamServiceGrpc.UpstreamServiceImplBase
    implements AutoCloseable {
  private final String zone;
  private final Server server;
  private final ManagedChannel channel;
  private final List<UpstreamRequest> seen = Collections.synchronizedList(new ArrayList<>());
  private volatile Function<UpstreamRequest, UpstreamResponse> handler = RawZone::echo;

  private RawZone(String zone, InetSocketAddress gateway) throws IOException {
    this.zone = zone;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(this)
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.getPort()).usePlaintext().build();
  }

  static RawZone start(String zone, InetSocketAddress gateway) {
    try {
      RawZone started = new RawZone(zone, gateway);
      UpstreamRegisterResponse answer = started.register(":" + started.server.getPort());
      assertThat(answer.getSuccess()).as("%s", answer).isTrue();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public UpstreamRegisterResponse register(String address) {
    return stub()
        .registerUpstream(
            UpstreamRegisterRequest.newBuilder()
                .setAddress(address)
                .setZoneId(zone)
                .setServiceName("raw")
                .build());
  }

  /** Replaces what the zone does with a request. Runs on a gRPC thread and may block. */
  public RawZone answering(Function<UpstreamRequest, UpstreamResponse> newHandler) {
    handler = newHandler;
    return this;
  }

  public List<UpstreamRequest> seen() {
    return List.copyOf(seen);
  }

  public UnicastPushResponse push(String openid, String content) {
    return push("openid", openid, content, NotifySyncHint.NSH_IMMEDIATELY, 0);
  }

  public UnicastPushResponse push(
      String type, String target, String content, NotifySyncHint hint, long bound) {
    return stub()
        .pushToClient(
            UnicastPushRequest.newBuilder()
                .setTargetType(type)
                .setTargetId(target)
                .setMsgType("note")
                .setTitle("title")
                .setContent(content)
                .putMetadata("k", "v")
                .setSyncHint(hint)
                .setBindClientSeqId(bound)
                .build());
  }

  /** A push that says more than GateSvr's wire can. */
  public UnicastPushResponse push(UnicastPushRequest request) {
    return stub().pushToClient(request);
  }

  /** A push by OpenID with a policy and so many bytes. */
  public UnicastPushResponse push(String openid, String content, int bytes, PushPolicy policy) {
    return push(
        UnicastPushRequest.newBuilder()
            .setTargetType("openid")
            .setTargetId(openid)
            .setMsgType("note")
            .setContent(content)
            .setData(ByteString.copyFrom(new byte[bytes]))
            .setPolicy(policy)
            .build());
  }

  public BroadcastResponse broadcast(String content) {
    return stub()
        .broadcastToClients(
            BroadcastRequest.newBuilder().setMsgType("all").setContent(content).build());
  }

  public static UpstreamResponse echo(UpstreamRequest request) {
    return answer(request.getData().toStringUtf8());
  }

  public static UpstreamResponse answer(String data) {
    return UpstreamResponse.newBuilder()
        .setCode(200)
        .setMessage("ok")
        .setData(ByteString.copyFromUtf8(data))
        .build();
  }

  private GatewayServiceBlockingStub stub() {
    return GatewayServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  @Override
  public void processRequest(UpstreamRequest request, StreamObserver<UpstreamResponse> observer) {
    seen.add(request);
    observer.onNext(handler.apply(request));
    observer.onCompleted();
  }

  @Override
  public void getStatus(StatusRequest request, StreamObserver<StatusResponse> observer) {
    observer.onNext(StatusResponse.newBuilder().setStatus("healthy").build());
    observer.onCompleted();
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
