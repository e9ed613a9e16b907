package dev.gatesvr.client;

import dev.gatesvr.client.core.Inbound;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from the loop to the application: a queue that one task at a time empties on the
 * application's executor. {@link #add} is called on the loop only. Its length is bounded by the
 * core, which stops reading and dialling while too much waits here.
 */
final class Inbox {
  private static final Logger log = LoggerFactory.getLogger(Inbox.class);

  private final Executor executor;
  private final Consumer<Inbound> application;
  private final Runnable reporter;
  private final ConcurrentLinkedQueue<Inbound> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger handled = new AtomicInteger();
  private volatile Inbound.Position newest = new Inbound.Position(0, 0);
  private volatile @Nullable Thread running;

  /**
   * @param application takes each thing; what it throws is logged
   * @param reporter arranges, from any thread, that the loop calls {@link #takeHandled} soon
   */
  Inbox(Executor executor, Consumer<Inbound> application, Runnable reporter) {
    this.executor = executor;
    this.application = application;
    this.reporter = reporter;
  }

  void add(Inbound inbound) {
    queue.add(inbound);
    if (waiting.getAndIncrement() == 0) {
      try {
        executor.execute(this::drain);
      } catch (RejectedExecutionException e) {
        log.error("the application's executor takes no more work: the client stands still", e);
      }
    }
  }

  /** How many were handled since the last call. */
  int takeHandled() {
    return handled.getAndSet(0);
  }

  /** The newest position handled; read it after {@link #takeHandled}. */
  Inbound.Position newest() {
    return newest;
  }

  /** True on the thread that is inside the application just now. */
  boolean onThread() {
    return Thread.currentThread().equals(running);
  }

  private void drain() {
    int left;
    do {
      running = Thread.currentThread();
      handle(queue.remove());
      // Before the last decrement: afterwards another drain may have begun.
      running = null;
      left = waiting.decrementAndGet();
    } while (left > 0);
  }

  private void handle(Inbound inbound) {
    try {
      application.accept(inbound);
    } catch (RuntimeException | Error e) {
      log.error("the application failed on {}", inbound.getClass().getSimpleName(), e);
    }
    if (inbound.position().seq() != 0) {
      newest = inbound.position();
    }
    if (handled.getAndIncrement() == 0) {
      reporter.run();
    }
  }
}
