package dev.gatesvr.upstream.support;

import dev.gatesvr.proto.StatusRequest;
import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream as the predecessor's were: a bare stub, no SDK, fields 1 to 19 only. Actions: {@code
 * echo} answers at once, {@code hang} never does, {@code big} with more than a message may hold,
 * {@code fail} with a gRPC error, {@code unavailable} as if its connection had broken.
 */
public final class RawUpstream extends UpstreamServiceGrpc.UpstreamServiceImplBase
    implements AutoCloseable {
  private final String name;
  private final Server server;
  private final List<Long> seqIds = new CopyOnWriteArrayList<>();
  private final List<Long> attempted = new CopyOnWriteArrayList<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private final AtomicInteger statusAsked = new AtomicInteger();

  public RawUpstream(String name) throws IOException {
    this(name, 0);
  }

  public RawUpstream(String name, int port) throws IOException {
    this.name = name;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .directExecutor()
            .addService(this)
            .build()
            .start();
  }

  public String address() {
    return "127.0.0.1:" + server.getPort();
  }

  public int port() {
    return server.getPort();
  }

  /** The client_seq_id of every request, in the order they came. */
  public List<Long> seqIds() {
    return seqIds;
  }

  /** The attempted_incarnation of every request, in the order they came. */
  public List<Long> attempted() {
    return attempted;
  }

  public int hanging() {
    return hanging.get();
  }

  public int statusAsked() {
    return statusAsked.get();
  }

  @Override
  public void processRequest(UpstreamRequest request, StreamObserver<UpstreamResponse> responses) {
    ((ServerCallStreamObserver<UpstreamResponse>) responses).setOnCancelHandler(() -> {});
    seqIds.add(request.getClientSeqId());
    attempted.add(request.getAttemptedIncarnation());
    switch (request.getAction()) {
      case "hang" -> hanging.incrementAndGet();
      case "fail" ->
          responses.onError(
              Status.RESOURCE_EXHAUSTED.withDescription("old and tired").asRuntimeException());
      case "unavailable" -> responses.onError(Status.UNAVAILABLE.asRuntimeException());
      default -> {
        UpstreamResponse.Builder response =
            UpstreamResponse.newBuilder()
                .setCode(200)
                .setMessage(name)
                .setClientSeqId(request.getClientSeqId())
                .setData(request.getData());
        if (request.getAction().equals("big")) {
          response.setMessage("x".repeat(1_300_000));
        }
        responses.onNext(response.build());
        responses.onCompleted();
      }
    }
  }

  @Override
  public void getStatus(StatusRequest request, StreamObserver<StatusResponse> responses) {
    statusAsked.incrementAndGet();
    responses.onNext(StatusResponse.newBuilder().setStatus("healthy").setUptime(7).build());
    responses.onCompleted();
  }

  /** Dies without a word: connections are cut. */
  public void kill() {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(5, TimeUnit.SECONDS)) {
        throw new AssertionError("the server did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
