package dev.gatesvr.bench.load;

import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.transport.quic.QuicClientConfig;
import dev.gatesvr.transport.quic.QuicConnector;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The loops and the connector of a fleet. Thread-safe; {@link #await} and {@link #close} block and
 * must not be called on a loop.
 *
 * @param timeoutSeconds the longest wait
 */
record FleetNetwork(IoLoops loops, QuicConnector connector, int timeoutSeconds)
    implements AutoCloseable {

  /** Starts the loops and binds the sockets. */
  static FleetNetwork open(QuicClientConfig config, int loopCount, int timeoutSeconds)
      throws IOException {
    IoLoops loops = IoLoops.open(loopCount);
    try {
      QuicConnector connector = QuicConnector.open(config, loops, TransportObserver.NONE);
      return new FleetNetwork(loops, connector, timeoutSeconds);
    } catch (IOException | RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  /**
   * Waits for a result.
   *
   * @param late what to say when it does not come: "... within 30 s" follows
   */
  <T> T await(CompletableFuture<T> future, String late) throws IOException, InterruptedException {
    try {
      return future.get(timeoutSeconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new IOException(late + " within " + timeoutSeconds + " s", e);
    }
  }

  /** Closes every connection and waits for the loops to end. */
  @Override
  public void close() {
    try {
      connector.close().toCompletableFuture().get(timeoutSeconds, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the connector did not close", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      loops.close();
    }
  }
}
