package dev.gatesvr.cmd.client;

import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.Response;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** Requests as the modes send and print them. */
final class Asking {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private Asking() {}

  static CompletableFuture<Response> start(GatewayClient client, ActionInput input) {
    return client.request(input.action(), input.params(), input.data(), TIMEOUT);
  }

  static String describe(Response response) {
    String data = response.data().isEmpty() ? "" : ": " + response.text();
    return response.code() + " " + response.message() + data;
  }

  /** Why a future failed, in one line. */
  static String reason(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }

  static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }
}
