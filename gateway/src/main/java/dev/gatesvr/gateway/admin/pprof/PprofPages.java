package dev.gatesvr.gateway.admin.pprof;

import dev.gatesvr.gateway.admin.http.Page;
import dev.gatesvr.gateway.admin.http.Reply;
import dev.gatesvr.gateway.admin.http.Request;
import dev.gatesvr.gateway.admin.http.RequestException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The pages under {@code /debug/pprof/} and the worker that they run on. Thread-safe. */
public final class PprofPages implements AutoCloseable {
  private static final int SECONDS_DEFAULT = 10;
  private static final int SECONDS_MAX = 60;
  private static final long CLOSE_TIMEOUT_SECONDS = 3;

  private static final String INDEX =
      """
      <!DOCTYPE html>
      <title>gatesvr pprof</title>
      <h1>/debug/pprof/</h1>
      <ul>
      <li><a href="/debug/pprof/profile?seconds=10">profile?seconds=10</a>: CPU flame graph, 1 to
      60 s, one at a time</li>
      <li><a href="/debug/pprof/threads">threads</a>: every thread with its stack</li>
      <li><a href="/debug/pprof/heap">heap</a>: instances and bytes by class; the process pauses
      meanwhile, and with <a href="/debug/pprof/heap?live=1">?live=1</a> collects first</li>
      </ul>
      """;

  private final PprofAccess access;

  /** One thread; what waits for it is bounded by the listener's connections, one request each. */
  private final ScheduledThreadPoolExecutor worker =
      new ScheduledThreadPoolExecutor(1, PprofPages::thread);

  private final CpuProfiler profiler = new CpuProfiler(worker);

  public PprofPages(boolean remoteAllowed) {
    access = new PprofAccess(remoteAllowed);
  }

  /** The pages by path. */
  public Map<String, Page> pages() {
    Page index = request -> CompletableFuture.completedStage(Reply.text(200, Reply.HTML, INDEX));
    Map<String, Page> pages = new HashMap<>();
    pages.put("/debug/pprof", guarded(index));
    pages.put("/debug/pprof/", guarded(index));
    pages.put("/debug/pprof/threads", guarded(request -> text(request, Diagnostics::threads)));
    pages.put("/debug/pprof/heap", guarded(this::heap));
    pages.put("/debug/pprof/profile", guarded(this::profile));
    return pages;
  }

  /** Ends the worker and a running profile. */
  @Override
  public void close() {
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    profiler.abort();
  }

  private Page guarded(Page page) {
    return request -> {
      if (!access.allows(request)) {
        throw new RequestException(403, "pprof: loopback only (admin.pprof_remote is false)");
      }
      return page.answer(request);
    };
  }

  private CompletionStage<Reply> heap(Request request) {
    boolean liveOnly = request.intParameter("live", 0, 0, 1) == 1;
    return text(request, () -> Diagnostics.classHistogram(liveOnly));
  }

  private CompletionStage<Reply> profile(Request request) {
    int seconds = request.intParameter("seconds", SECONDS_DEFAULT, 1, SECONDS_MAX);
    if (request.head()) {
      return CompletableFuture.completedStage(Reply.text(200, Reply.HTML, ""));
    }
    return profiler.profile(seconds).thenApply(html -> Reply.text(200, Reply.HTML, html));
  }

  private CompletionStage<Reply> text(Request request, Supplier<String> text) {
    if (request.head()) {
      return CompletableFuture.completedStage(Reply.text(200, Reply.TEXT, ""));
    }
    try {
      return CompletableFuture.supplyAsync(() -> Reply.text(200, Reply.TEXT, text.get()), worker);
    } catch (RejectedExecutionException e) {
      throw new RequestException(503, "pprof: the gateway is stopping");
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "admin-worker-0");
    thread.setDaemon(true);
    return thread;
  }
}
