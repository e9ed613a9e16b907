package dev.gatesvr.client;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.core.Call;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.client.core.ClientStats;
import dev.gatesvr.client.core.Inbound;
import dev.gatesvr.client.core.Outcome;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.transport.CloseReason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One player at a gateway. Connects, stays connected, and gives the application every push once and
 * in order; see the package documentation. Thread-safe.
 */
public final class GatewayClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GatewayClient.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

  /** Room in a frame for everything around a request's payload. */
  private static final int FRAME_OVERHEAD_BYTES = 512;

  private static final ThreadFactory HANDLERS =
      Thread.ofVirtual().name("client-handler-", 0).factory();

  private final ClientEdge edge;
  private final ClientListener listener;
  private final Duration requestTimeout;
  private final Dialer dialer;
  private final boolean ownsDialer;
  private final int requestsMax;
  private final AtomicInteger requests = new AtomicInteger();
  private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private volatile String lastProblem = "";

  GatewayClient(GatewayClientBuilder settings, Dialer dialer, boolean ownsDialer) {
    this.listener = settings.listener();
    this.requestTimeout = settings.requestTimeout();
    this.dialer = dialer;
    this.ownsDialer = ownsDialer;
    ClientSettings.Bounds bounds = settings.settings().bounds();
    this.requestsMax = bounds.outstandingMax() + bounds.waitingMax();
    Executor executor = settings.executor();
    this.edge =
        new ClientEdge(
            settings,
            dialer,
            executor == null ? Executors.newThreadPerTaskExecutor(HANDLERS) : executor,
            this::onInbound);
  }

  /** Begins to describe a client. */
  public static GatewayClientBuilder builder() {
    return new GatewayClientBuilder();
  }

  void start() {
    var unused = edge.ended().thenRun(this::release);
    edge.post(edge.core()::connect);
  }

  // ---------------------------------------------------------------- requests

  /** {@link #request(String, Map, ByteString, Duration)} without parameters and data. */
  public CompletableFuture<Response> request(String action) {
    return request(action, Map.of(), ByteString.EMPTY, requestTimeout);
  }

  /** {@link #request(String, Map, ByteString, Duration)} without data. */
  public CompletableFuture<Response> request(String action, Map<String, String> params) {
    return request(action, params, ByteString.EMPTY, requestTimeout);
  }

  /**
   * Asks the player's zone, now or as soon as the session is there. The zone runs it at most once,
   * also across lost connections.
   *
   * @param timeout how long to wait, from now
   * @return completes on the client's executor, in order with the pushes; exceptionally with a
   *     {@link RequestException}, which is an {@link OutcomeUnknownException} when the request may
   *     have run. A request that is refused because too many wait completes at once
   */
  public CompletableFuture<Response> request(
      String action, Map<String, String> params, ByteString data, Duration timeout) {
    ByteString payload =
        BusinessRequest.newBuilder()
            .setAction(action)
            .putAllParams(params)
            .setData(data)
            .build()
            .toByteString();
    CompletableFuture<Response> future = new CompletableFuture<>();
    if (payload.size() > Limits.FRAME_BYTES_MAX - FRAME_OVERHEAD_BYTES) {
      Completion.complete(future, new Outcome.Failed(Outcome.Failure.TOO_LARGE, false));
    } else if (closed.isDone()) {
      Completion.complete(future, new Outcome.Failed(Outcome.Failure.CLOSED, false));
    } else if (requests.getAndIncrement() >= requestsMax) {
      requests.decrementAndGet();
      Completion.complete(future, new Outcome.Failed(Outcome.Failure.QUEUE_FULL, false));
    } else {
      Call call =
          new Call(
              payload,
              System.nanoTime() + timeout.toNanos(),
              outcome -> Completion.complete(future, outcome));
      if (!edge.post(now -> edge.core().request(call, now))) {
        Completion.complete(future, new Outcome.Failed(Outcome.Failure.CLOSED, false));
      }
    }
    return future;
  }

  // ---------------------------------------------------------------- life

  /**
   * Completes when the first session is there; exceptionally with an {@link IllegalStateException}
   * that says why when the client closes before.
   */
  public CompletableFuture<@Nullable Void> whenReady() {
    return ready.copy();
  }

  /** Completes when the client is closed, whoever closed it, and its resources are released. */
  public CompletableFuture<@Nullable Void> whenClosed() {
    return closed.copy();
  }

  /** Leaves the gateway without ending the session, as a phone does that goes to sleep. */
  public void suspend() {
    edge.post(edge.core()::suspend);
  }

  /** Comes back after {@link #suspend}, or at once instead of after the backoff. */
  public void resume() {
    edge.post(edge.core()::resume);
  }

  /** Ends the session and the client; requests without an answer fail. */
  public CompletableFuture<@Nullable Void> closeAsync(StopRequest.Reason reason) {
    edge.post(now -> edge.core().close(reason));
    return whenClosed();
  }

  /** {@link #closeAsync} with APP_CLOSE; waits a moment for it, unless inside a callback. */
  @Override
  public void close() {
    CompletableFuture<@Nullable Void> done = closeAsync(StopRequest.Reason.APP_CLOSE);
    if (edge.insideApplication()) {
      return;
    }
    try {
      done.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("still closing after {}", CLOSE_TIMEOUT, e);
    }
  }

  private void release() {
    if (!ownsDialer) {
      closed.complete(null);
      return;
    }
    // Closing loops waits for them, which a loop must not do.
    Thread.startVirtualThread(
        () -> {
          dialer.close();
          closed.complete(null);
        });
  }

  // ---------------------------------------------------------------- what it is

  public ClientState state() {
    return edge.state();
  }

  /** Smoothed round-trip time of heartbeats, zero before the first answer. */
  public Duration rtt() {
    return Duration.ofNanos(edge.rttNanos());
  }

  /** Why the client last lost its connection or failed to get one, empty when it never did. */
  public String lastProblem() {
    return lastProblem;
  }

  /** Everything countable; completes on the client's loop, so a continuation must not block. */
  public CompletableFuture<ClientStats> stats() {
    return edge.stats();
  }

  // ---------------------------------------------------------------- on the executor

  private void onInbound(Inbound inbound) {
    switch (inbound) {
      case Inbound.Pushed pushed -> listener.onPush(Push.of(pushed.push()));
      case Inbound.Ended ended -> {
        requests.decrementAndGet();
        ended.call().completion().accept(ended.outcome());
      }
      case Inbound.Skipped skipped -> {}
      case Inbound.Complained complained -> listener.onError(complained.error());
      case Inbound.StateChanged changed -> onStateChanged(changed);
      case Inbound.Resumed resumed -> listener.onResumed();
      case Inbound.Resynced resync -> listener.onResync(resync.reason(), resync.detail());
      case Inbound.Missed missed ->
          listener.onGap(missed.firstSeq(), missed.position().seq(), missed.reason());
      case Inbound.KickedOut kicked -> listener.onKicked(kicked.reason(), kicked.detail());
      case Inbound.SentAway away ->
          listener.onGoAway(away.addresses(), Duration.ofNanos(away.waitNanos()));
      case Inbound.FailedOver over -> listener.onFailover(over.to());
      case Inbound.Closed end -> onClosed(end.reason());
    }
  }

  private void onStateChanged(Inbound.StateChanged changed) {
    if (!changed.why().isEmpty()) {
      lastProblem = changed.why();
      log.debug("{}: {}", changed.state(), changed.why());
    }
    if (changed.state() == ClientState.READY) {
      ready.complete(null);
    }
    listener.onStateChanged(changed.state(), changed.why());
  }

  private void onClosed(CloseReason reason) {
    ready.completeExceptionally(
        new IllegalStateException("closed: " + reason.code() + ": " + reason.detail()));
    listener.onClosed(reason);
  }
}
