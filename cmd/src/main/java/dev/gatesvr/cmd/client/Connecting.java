package dev.gatesvr.cmd.client;

import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a session, and says in one line why there is none. */
final class Connecting {
  private Connecting() {}

  /**
   * Connects.
   *
   * @throws IllegalStateException naming the server and what went wrong; the client is closed then
   */
  static GatewayClient ready(GatewayClientBuilder builder, String server, Duration timeout)
      throws InterruptedException {
    GatewayClient client = builder.connect();
    try {
      client.whenReady().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return client;
    } catch (TimeoutException e) {
      String problem = client.lastProblem();
      client.close();
      throw new IllegalStateException(
          server + ": no session within " + timeout + (problem.isEmpty() ? "" : ": " + problem), e);
    } catch (ExecutionException e) {
      client.close();
      throw new IllegalStateException(server + ": " + e.getMessage(), e);
    }
  }
}
