package dev.gatesvr.transport.quic;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.RecordingHandler;
import dev.gatesvr.transport.SendResult;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Our connector with one loop, for a test on another thread. */
final class TestClient implements AutoCloseable {
  private static final long WAIT_SECONDS = 10;

  private final IoLoops loops = IoLoops.open(1);
  private final QuicConnector connector;

  TestClient(QuicClientConfig config) {
    try {
      this.connector = QuicConnector.open(config, loops, TransportObserver.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection and what came over it. */
  record Peer(Connection connection, RecordingHandler<ServerPush> handler) {
    SendResult send(ClientRequest request) {
      return onLoop(() -> connection.send(request));
    }

    <T> T onLoop(Supplier<T> task) {
      return CompletableFuture.supplyAsync(task, connection.loop())
          .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
          .join();
    }

    /** Sends a payload and returns the answer's. */
    ByteString echo(ByteString payload) throws InterruptedException {
      send(ClientRequest.newBuilder().setMsgId(1).setPayload(payload).build());
      return handler.nextFrame().getPayload();
    }
  }

  CompletableFuture<Peer> connecting(InetSocketAddress server) {
    RecordingHandler<ServerPush> handler = new RecordingHandler<>();
    return connector
        .connect(server, connection -> handler, ServerPush.parser())
        .thenApply(connection -> new Peer(connection, handler))
        .toCompletableFuture();
  }

  Peer connect(InetSocketAddress server) {
    return connecting(server).orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    connector.close().toCompletableFuture().orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
    loops.close();
  }
}
