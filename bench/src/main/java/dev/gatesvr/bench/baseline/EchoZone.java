package dev.gatesvr.bench.baseline;

import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.upstream.grpc.GrpcBounds;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The back server of both sides: answers with the data it got, on its loop. */
public final class EchoZone extends UpstreamServiceGrpc.UpstreamServiceImplBase {
  private static final int OK = 200;

  /** Binds a free loopback port. */
  public static Server start(IoLoops loops) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .bossEventLoopGroup(loops.group())
        .workerEventLoopGroup(loops.group())
        .channelType(loops.serverSocketChannel())
        .directExecutor()
        .flowControlWindow(GrpcBounds.FLOW_WINDOW_BYTES)
        .addService(new EchoZone())
        .build()
        .start();
  }

  @Override
  public void processRequest(UpstreamRequest request, StreamObserver<UpstreamResponse> answer) {
    answer.onNext(
        UpstreamResponse.newBuilder()
            .setCode(OK)
            .setData(request.getData())
            .setClientSeqId(request.getClientSeqId())
            .build());
    answer.onCompleted();
  }

  @Override
  public void getStatus(StatusRequest request, StreamObserver<StatusResponse> answer) {
    answer.onNext(StatusResponse.newBuilder().setStatus("healthy").build());
    answer.onCompleted();
  }
}
