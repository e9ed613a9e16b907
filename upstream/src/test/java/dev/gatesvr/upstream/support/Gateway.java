package dev.gatesvr.upstream.support;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.grpc.FenceGate;
import dev.gatesvr.upstream.grpc.GatewayGrpcServer;
import dev.gatesvr.upstream.grpc.LoopSockets;
import dev.gatesvr.upstream.grpc.PairFacts;
import dev.gatesvr.upstream.grpc.ReplyObserver;
import dev.gatesvr.upstream.grpc.UpstreamCaller;
import dev.gatesvr.upstream.grpc.UpstreamFailure;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.RoundRobin;
import dev.gatesvr.upstream.route.ZoneId;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The upstream half of a gateway on one loop: registry, caller and gRPC server. */
public final class Gateway implements AutoCloseable {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("gateway-io", true), LoopSockets.newIo());
  private final EventLoop loop = loops.next();
  private final UpstreamRegistry registry = new UpstreamRegistry();
  private final RecordingPort port;
  private final FenceGate gate = new FenceGate();
  private final List<String> fencedBy = new CopyOnWriteArrayList<>();
  private final UpstreamCaller caller =
      new UpstreamCaller(
          loop, registry, new RoundRobin(), gate, (pair, term) -> fencedBy.add(pair + " " + term));
  private final GatewayGrpcServer server;
  private volatile PairFacts facts = PairFacts.NONE;

  public Gateway(RecordingPort port) throws IOException {
    this(port, 0);
  }

  public Gateway(RecordingPort port, int tcpPort) throws IOException {
    this.port = port;
    this.server =
        GatewayGrpcServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), tcpPort),
            loops,
            loops,
            port,
            registry,
            () -> facts);
  }

  public String address() {
    return "127.0.0.1:" + server.port();
  }

  public int tcpPort() {
    return server.port();
  }

  /** What its answers say from now on. */
  public void facts(PairFacts facts) {
    this.facts = facts;
  }

  public FenceGate gate() {
    return gate;
  }

  /** Pair and term of every answer that said that this gateway was deposed. */
  public List<String> fencedBy() {
    return fencedBy;
  }

  public EventLoop loop() {
    return loop;
  }

  public UpstreamRegistry registry() {
    return registry;
  }

  public UpstreamCaller caller() {
    return caller;
  }

  public RecordingPort port() {
    return port;
  }

  /** Sends a request from the loop; the future fails with {@link Failed}. */
  public CompletableFuture<UpstreamResponse> process(
      ZoneId zone, UpstreamRequest request, Duration timeout) {
    CompletableFuture<UpstreamResponse> answer = new CompletableFuture<>();
    loop.execute(() -> caller.process(zone, request, timeout.toNanos(), observerOf(answer)));
    return answer;
  }

  /** Completes the future, and fails it when told off the loop or a second time. */
  public ReplyObserver observerOf(CompletableFuture<UpstreamResponse> answer) {
    return new ReplyObserver() {
      @Override
      public void onReply(UpstreamResponse response) {
        checkLoop();
        if (!answer.complete(response)) {
          answer.obtrudeException(new AssertionError("told twice"));
        }
      }

      @Override
      public void onFailure(UpstreamFailure failure, String detail) {
        checkLoop();
        if (!answer.completeExceptionally(new Failed(failure, detail))) {
          answer.obtrudeException(new AssertionError("told twice"));
        }
      }

      private void checkLoop() {
        if (!loop.inEventLoop()) {
          answer.obtrudeException(new AssertionError("told on " + Thread.currentThread()));
        }
      }
    };
  }

  public static UpstreamRequest request(String sessionId, String action, long seqId) {
    return UpstreamRequest.newBuilder()
        .setSessionId(sessionId)
        .setOpenid("player-1")
        .setAction(action)
        .setClientSeqId(seqId)
        .build();
  }

  /** Everything ends at once, as when the process is killed. */
  @Override
  public void close() {
    caller.close();
    server.stop(Duration.ZERO);
    if (!loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5_000)) {
      throw new AssertionError("the loop did not stop");
    }
  }

  /** Why a request has no answer. */
  public static final class Failed extends Exception {
    private final UpstreamFailure failure;

    Failed(UpstreamFailure failure, String detail) {
      super(failure + ": " + detail);
      this.failure = failure;
    }

    public UpstreamFailure failure() {
      return failure;
    }
  }
}
