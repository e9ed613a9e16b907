package dev.gatesvr.cmd.client;

import dev.gatesvr.client.Dialer;
import dev.gatesvr.client.GatewayClientBuilder;
import org.jspecify.annotations.Nullable;

/** One dialer for all players of a run, made from the first of them. Not thread-safe. */
final class SharedLoops implements AutoCloseable {
  private @Nullable Dialer dialer;

  GatewayClientBuilder on(GatewayClientBuilder player) {
    Dialer shared = dialer;
    if (shared == null) {
      int loops = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 8);
      shared = player.openDialer(loops);
      dialer = shared;
    }
    return player.dialer(shared);
  }

  @Override
  public void close() {
    if (dialer != null) {
      dialer.close();
    }
  }
}
