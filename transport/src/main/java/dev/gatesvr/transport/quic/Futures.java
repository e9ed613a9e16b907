package dev.gatesvr.transport.quic;

import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Ends of channels as the JDK's futures. */
final class Futures {
  private Futures() {}

  /** Completes when a channel is closed. */
  static CompletableFuture<Void> ofEnd(Channel channel) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    channel.closeFuture().addListener(closed -> ended.complete(null));
    return ended;
  }

  /** Completes when all have. */
  static CompletableFuture<Void> allOf(List<CompletableFuture<?>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
  }
}
