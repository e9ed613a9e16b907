package dev.gatesvr.transport.quic;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.Await;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.RecordingHandler;
import dev.gatesvr.transport.SendResult;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A listener on loopback whose connections echo: the answer bears the request's id and payload. */
final class TestServer implements AutoCloseable {
  private final IoLoops loops;
  private final QuicListener listener;
  private final List<Accepted> accepted = new CopyOnWriteArrayList<>();

  /** What the server knows of one connection. */
  record Accepted(Connection connection, RecordingHandler<ClientRequest> handler) {}

  private static final class Echo extends RecordingHandler<ClientRequest> {
    private final Connection connection;

    Echo(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void onFrame(ClientRequest request, long receivedNanos) {
      super.onFrame(request, receivedNanos);
      ServerPush answer =
          ServerPush.newBuilder()
              .setMsgId(request.getMsgId())
              .setPayload(request.getPayload())
              .build();
      SendResult sent = connection.send(answer);
      if (sent != SendResult.SENT) {
        throw new IllegalStateException("echo: " + sent + " (expected: SENT)");
      }
    }

    @Override
    public void onFault(FrameFault fault) {
      super.onFault(fault);
      connection.close(fault.closeCode());
    }
  }

  private TestServer(IoLoops loops, QuicListenerConfig config) throws IOException {
    this.loops = loops;
    this.listener =
        QuicListener.bind(
            config, loops, this::accept, ClientRequest.parser(), TransportObserver.NONE);
  }

  private ConnectionHandler<ClientRequest> accept(Connection connection) {
    Echo handler = new Echo(connection);
    accepted.add(new Accepted(connection, handler));
    return handler;
  }

  static TestServer start(
      int loops, TlsIdentity identity, UnaryOperator<QuicListenerConfig> adjust) {
    return start(IoLoops.open(loops), identity, adjust);
  }

  static TestServer start(
      IoLoops loops, TlsIdentity identity, UnaryOperator<QuicListenerConfig> adjust) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      return new TestServer(loops, adjust.apply(QuicListenerConfig.of(any, identity)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  IoLoops loops() {
    return loops;
  }

  QuicListener listener() {
    return listener;
  }

  InetSocketAddress address() {
    return listener.localAddress();
  }

  /** Every connection so far. */
  List<Accepted> accepted() {
    return List.copyOf(accepted);
  }

  /** The only connection, waiting for it. */
  Accepted only() {
    Await.until("one connection", () -> accepted.size() == 1);
    return accepted.getFirst();
  }

  /** How many connections each loop has. */
  Map<Integer, Long> connectionsPerLoop() {
    return accepted.stream()
        .collect(groupingBy(each -> loops.indexOf(each.connection().loop()), counting()));
  }

  @Override
  public void close() {
    listener.close().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
    loops.close();
  }
}
