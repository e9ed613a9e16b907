package dev.gatesvr.transport.quic;

import dev.gatesvr.proto.CloseCode;
import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends of connections and sockets, to be waited for from outside the loops. */
final class Closing {
  private Closing() {}

  /** Closes connections with a code at once, then the sockets they are on. */
  static CompletableFuture<Void> all(
      Collection<QuicChannel> connections, CloseCode code, List<Channel> sockets) {
    CompletableFuture<?>[] ended =
        connections.stream()
            .map(each -> connection(each, code))
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(ended).thenCompose(done -> sockets(sockets));
  }

  private static CompletableFuture<Void> connection(QuicChannel connection, CloseCode code) {
    CompletableFuture<Void> ended = endOf(connection);
    connection.eventLoop().execute(() -> QuicEdge.closeNow(connection, code));
    return ended;
  }

  /** Closes sockets; completes when the kernel has them back. */
  static CompletableFuture<Void> sockets(List<Channel> sockets) {
    return CompletableFuture.allOf(
        sockets.stream().map(Closing::socket).toArray(CompletableFuture<?>[]::new));
  }

  private static CompletableFuture<Void> socket(Channel socket) {
    CompletableFuture<Void> ended = endOf(socket);
    // Completes the same close future that is waited for.
    var unused = socket.close();
    return ended;
  }

  private static CompletableFuture<Void> endOf(Channel channel) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    channel.closeFuture().addListener(closed -> ended.complete(null));
    return ended;
  }
}
