package dev.gatesvr.cmd.client;

import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.Response;
import dev.gatesvr.client.core.ClientStats;
import dev.gatesvr.cmd.Cli;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Many players that each ask, wait for the answer, pause and ask again. Prints the rate every
 * second and the latencies in the end.
 */
final class PerformanceMode {
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final long STOP_SECONDS = 15;

  private final ClientFlags flags;
  private final ActionInput input;
  private final PrintWriter out;
  private final Recorder latencies = new Recorder(SIGNIFICANT_DIGITS);
  private final LongAdder answered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder failovers = new LongAdder();
  private final LongAdder warmConnections = new LongAdder();
  private final LongAdder notPrimary = new LongAdder();
  private final AtomicReference<String> lastFailure = new AtomicReference<>("");
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  PerformanceMode(ClientFlags flags, ActionInput input, PrintWriter out) {
    this.flags = flags;
    this.input = input;
    this.out = out;
  }

  int run(Function<String, GatewayClientBuilder> players, String trust)
      throws InterruptedException {
    Thread hook = new Thread(this::stopOnSignal, "client-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    out.printf("%d players, %s, %s%n", flags.clients, input.action(), trust);
    out.flush();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    try (SharedLoops loops = new SharedLoops()) {
      for (int i = 0; i < flags.clients; i++) {
        String openid = Integer.toString(flags.openidStart + i);
        GatewayClientBuilder player = loops.on(players.apply(openid));
        threads.add(Thread.ofVirtual().name("player-" + openid).start(() -> play(player)));
      }
      reportUntilDone(threads);
    }
    summarize(System.nanoTime() - start);
    done.countDown();
    return failed.sum() == 0 && answered.sum() > 0 ? Cli.OK : Cli.FAILED;
  }

  /** Ctrl-C still prints what was measured. */
  private void stopOnSignal() {
    stop.countDown();
    try {
      done.await(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void play(GatewayClientBuilder player) {
    try (GatewayClient client = player.connect()) {
      boolean stopped = false;
      for (int i = 0; more(i) && !stopped; i++) {
        ask(client);
        stopped = stop.await(flags.requestInterval.toNanos(), TimeUnit.NANOSECONDS);
      }
      count(client.stats().join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(ClientStats stats) {
    failovers.add(stats.failovers());
    warmConnections.add(stats.warmConnections());
    notPrimary.add(stats.notPrimary());
  }

  private boolean more(int asked) {
    return flags.maxRequests == 0 || asked < flags.maxRequests;
  }

  private void ask(GatewayClient client) {
    long start = System.nanoTime();
    try {
      Response response = Asking.start(client, input).join();
      latencies.recordValue(System.nanoTime() - start);
      answered.increment();
      if (!response.ok()) {
        fail(Asking.describe(response));
      }
    } catch (CompletionException e) {
      fail(Asking.reason(e) + (client.lastProblem().isEmpty() ? "" : ", " + client.lastProblem()));
    }
  }

  private void fail(String why) {
    failed.increment();
    lastFailure.set(why);
  }

  private void reportUntilDone(List<Thread> threads) throws InterruptedException {
    long before = 0;
    long lastNanos = System.nanoTime();
    for (Thread thread : threads) {
      while (!thread.join(java.time.Duration.ofSeconds(1))) {
        long now = answered.sum();
        long nowNanos = System.nanoTime();
        double rate = (now - before) * 1e9 / (nowNanos - lastNanos);
        out.printf(Locale.ROOT, "%d answered, %.0f/s, %d failed%n", now, rate, failed.sum());
        out.flush();
        before = now;
        lastNanos = nowNanos;
      }
    }
  }

  private void summarize(long tookNanos) {
    Histogram histogram = latencies.getIntervalHistogram();
    out.printf(
        Locale.ROOT,
        "%d answered, %d failed in %.1f s: %.0f/s%n",
        answered.sum(),
        failed.sum(),
        tookNanos / 1e9,
        answered.sum() * 1e9 / tookNanos);
    if (histogram.getTotalCount() > 0) {
      for (double percentile : new double[] {50, 90, 99, 99.9}) {
        long nanos = histogram.getValueAtPercentile(percentile);
        out.printf(Locale.ROOT, "  p%-5s %10.3f ms%n", trimmed(percentile), nanos / 1e6);
      }
      out.printf(Locale.ROOT, "  %-6s %10.3f ms%n", "max", histogram.getMaxValue() / 1e6);
    }
    if (failovers.sum() + warmConnections.sum() + notPrimary.sum() > 0) {
      out.printf(
          Locale.ROOT,
          "  pair: %d failovers, %d warm connections, %d starts refused by a standby%n",
          failovers.sum(),
          warmConnections.sum(),
          notPrimary.sum());
    }
    if (failed.sum() > 0) {
      out.println("last failure: " + lastFailure.get());
    }
    out.flush();
  }

  private static String trimmed(double percentile) {
    return percentile == Math.rint(percentile)
        ? Long.toString(Math.round(percentile))
        : Double.toString(percentile);
  }
}
