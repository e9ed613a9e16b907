package dev.gatesvr.gateway.admin.pprof;

import dev.gatesvr.gateway.admin.http.RequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import one.profiler.AsyncProfiler;

/**
 * One CPU flame graph at a time, through async-profiler. Thread-safe; the profiler is driven on the
 * worker, which is free while samples are taken.
 */
final class CpuProfiler {
  /**
   * Best first: perf events see the kernel too but may be forbidden, the timers need no rights. A
   * container often has only the last.
   */
  private static final List<String> EVENTS = List.of("cpu", "ctimer", "itimer");

  /** 500 samples per second of CPU time: enough for one second, cheap enough for sixty. */
  private static final String INTERVAL = "2ms";

  private final ScheduledExecutorService worker;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile boolean sampling;

  CpuProfiler(ScheduledExecutorService worker) {
    this.worker = worker;
  }

  /**
   * Samples for {@code seconds} and completes with the flame graph, one HTML page. Fails with a
   * {@link RequestException}: 409 while another profile runs, 501 where the profiler cannot, 503
   * while the gateway stops.
   */
  CompletionStage<String> profile(int seconds) {
    if (!busy.compareAndSet(false, true)) {
      throw new RequestException(409, "profile: another one is running");
    }
    try {
      return CompletableFuture.supplyAsync(this::begin, worker)
          .thenCompose(
              event -> CompletableFuture.supplyAsync(() -> end(event, seconds), after(seconds)))
          .whenComplete((html, failure) -> busy.set(false));
    } catch (RejectedExecutionException e) {
      busy.set(false);
      throw new RequestException(503, "profile: the gateway is stopping");
    }
  }

  /** Ends a profile that runs, without a result. Called once the worker has ended. */
  void abort() {
    if (sampling) {
      sampling = false;
      AsyncProfiler.getInstance().stop();
    }
  }

  private Executor after(int seconds) {
    return task -> {
      var unused = worker.schedule(task, seconds, TimeUnit.SECONDS);
    };
  }

  /** Starts sampling and says by which event. */
  private String begin() {
    try {
      String event = start(AsyncProfiler.getInstance());
      sampling = true;
      return event;
    } catch (IllegalStateException | LinkageError e) {
      throw new RequestException(501, "profile: async-profiler cannot run here, " + e);
    }
  }

  private static String start(AsyncProfiler profiler) {
    String refused = "";
    for (String event : EVENTS) {
      try {
        profiler.execute("start,event=" + event + ",interval=" + INTERVAL);
        return event;
      } catch (IllegalStateException | IllegalArgumentException | IOException e) {
        if (String.valueOf(e.getMessage()).contains("already started")) {
          throw new RequestException(409, "profile: another one is running in this process");
        }
        refused = event + ": " + e.getMessage();
      }
    }
    throw new RequestException(501, "profile: not possible here, " + refused);
  }

  private String end(String event, int seconds) {
    try {
      String title = "gatesvr CPU " + seconds + " s " + event;
      String html = AsyncProfiler.getInstance().execute("stop,flamegraph,title=" + title);
      sampling = false;
      return html;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
