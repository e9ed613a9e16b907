package dev.gatesvr.upstream.support;

import dev.gatesvr.proto.FenceServiceGrpc;
import dev.gatesvr.proto.RecordTermRequest;
import dev.gatesvr.proto.RecordTermResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An upstream that records terms when it is told to, and answers every request with its number. */
public final class TermUpstream extends FenceServiceGrpc.FenceServiceImplBase
    implements AutoCloseable {
  private final long incarnation;
  private final Server server;
  private final List<Long> asked = new CopyOnWriteArrayList<>();
  private final List<UpstreamRequest> requests = new CopyOnWriteArrayList<>();
  private volatile boolean mute;
  private volatile long higher;

  public TermUpstream(long incarnation) throws IOException {
    this.incarnation = incarnation;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(this)
            .addService(new Requests())
            .build()
            .start();
  }

  public String address() {
    return "127.0.0.1:" + server.getPort();
  }

  public long incarnation() {
    return incarnation;
  }

  /** Every term that it was asked to record. */
  public List<Long> asked() {
    return asked;
  }

  public List<UpstreamRequest> requests() {
    return requests;
  }

  /** Whether it leaves the question open. */
  public void mute(boolean mute) {
    this.mute = mute;
  }

  /** Says that it knows this term. */
  public void knows(long term) {
    higher = term;
  }

  @Override
  public void recordTerm(RecordTermRequest request, StreamObserver<RecordTermResponse> responses) {
    ((ServerCallStreamObserver<RecordTermResponse>) responses).setOnCancelHandler(() -> {});
    asked.add(request.getTerm());
    if (mute) {
      return;
    }
    responses.onNext(
        RecordTermResponse.newBuilder()
            .setRecorded(higher <= request.getTerm())
            .setTerm(Math.max(higher, request.getTerm()))
            .setIncarnation(incarnation)
            .build());
    responses.onCompleted();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Requests extends UpstreamServiceGrpc.UpstreamServiceImplBase {
    @Override
    public void processRequest(
        UpstreamRequest request, StreamObserver<UpstreamResponse> responses) {
      requests.add(request);
      responses.onNext(
          UpstreamResponse.newBuilder()
              .setCode(200)
              .setMessage(Long.toString(incarnation))
              .setClientSeqId(request.getClientSeqId())
              .build());
      responses.onCompleted();
    }
  }
}
