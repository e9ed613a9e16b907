package dev.gatesvr.backup.link;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The end of a dialler or a server, asked for on any thread. */
final class Closing {
  private Closing() {}

  /**
   * Runs {@code close} on the loop.
   *
   * @param close returns the sockets that it closes
   * @return completes when they are closed
   */
  static CompletableFuture<Void> on(EventLoop loop, Supplier<List<Channel>> close) {
    Executor here = loop.inEventLoop() ? Runnable::run : loop;
    return CompletableFuture.supplyAsync(close, here).thenCompose(Closing::allClosed);
  }

  private static CompletableFuture<Void> allClosed(List<Channel> channels) {
    return CompletableFuture.allOf(
        channels.stream().map(Closing::closed).toArray(CompletableFuture[]::new));
  }

  private static CompletableFuture<Void> closed(Channel channel) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    channel.closeFuture().addListener(over -> closed.complete(null));
    return closed;
  }
}
