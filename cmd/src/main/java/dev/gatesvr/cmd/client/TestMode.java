package dev.gatesvr.cmd.client;

import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.Response;
import dev.gatesvr.cmd.Cli;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** Asks for one action a few times and prints the answers. */
final class TestMode {
  private final PrintWriter out;
  private final ActionInput input;
  private final int count;
  private final Duration interval;

  TestMode(PrintWriter out, ActionInput input, int count, Duration interval) {
    this.out = out;
    this.input = input;
    this.count = count;
    this.interval = interval;
  }

  /** Closes the client in the end. */
  int run(GatewayClient connected) throws InterruptedException {
    int failed = 0;
    try (GatewayClient client = connected) {
      for (int i = 1; i <= count; i++) {
        failed += ask(client, i) ? 0 : 1;
        if (i < count) {
          Thread.sleep(interval);
        }
      }
    }
    if (count > 1) {
      out.println(count - failed + " of " + count + " answered with 200");
    }
    return failed == 0 ? Cli.OK : Cli.FAILED;
  }

  private boolean ask(GatewayClient client, int number) {
    long start = System.nanoTime();
    try {
      Response response = Asking.start(client, input).join();
      say(number, Asking.describe(response), start);
      return response.ok();
    } catch (CompletionException e) {
      say(number, "failed: " + Asking.reason(e), start);
      return false;
    }
  }

  private void say(int number, String what, long startNanos) {
    String took = Asking.millis(System.nanoTime() - startNanos);
    out.println(number + " " + input.action() + " -> " + what + "  (" + took + ")");
    out.flush();
  }
}
