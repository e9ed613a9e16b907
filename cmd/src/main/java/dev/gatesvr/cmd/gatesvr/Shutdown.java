package dev.gatesvr.cmd.gatesvr;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * SIGTERM and SIGINT as a request to stop, answered with an exit code of ours.
 *
 * <p>The JVM answers a signal by running hooks and dying of the signal. The hook here wakes the
 * main thread, which stops the gateway, waits for its code and ends the process with it.
 */
final class Shutdown {
  private static final int TIMED_OUT = 1;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Duration patience;
  private final Thread hook = new Thread(this::onSignal, "shutdown");

  private Shutdown(Duration patience) {
    this.patience = patience;
  }

  /**
   * Takes over the signals.
   *
   * @param patience how long after the signal the process ends, stopped or not
   */
  static Shutdown install(Duration patience) {
    Shutdown shutdown = new Shutdown(patience);
    Runtime.getRuntime().addShutdownHook(shutdown.hook);
    return shutdown;
  }

  /** Blocks until a signal asks to stop. */
  void await() throws InterruptedException {
    asked.await();
  }

  /**
   * Ends the process with the code if a signal asked for that, otherwise gives the signals back.
   */
  void finish(int code) {
    exitCode.complete(code);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyShuttingDown) {
      asked.countDown();
    }
  }

  private void onSignal() {
    asked.countDown();
    int code;
    try {
      code = exitCode.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      code = TIMED_OUT;
    }
    Runtime.getRuntime().halt(code);
  }
}
