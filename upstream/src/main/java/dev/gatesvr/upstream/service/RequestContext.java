package dev.gatesvr.upstream.service;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UpstreamRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request of one player, and what can be done about it. Thread-safe; {@link #notifyBefore} and
 * {@link #notifyAfter} belong before the handler's return, later ones are refused.
 */
public final class RequestContext {
  private final UpstreamRequest request;
  private final GatewayFleet gateways;
  private final long deadlineNanos;
  private final int notifiesMax;
  private final List<CompletableFuture<PushResult>> notifies = new ArrayList<>();
  private boolean returned;

  RequestContext(
      UpstreamRequest request, GatewayFleet gateways, long deadlineNanos, int notifiesMax) {
    this.request = request;
    this.gateways = gateways;
    this.deadlineNanos = deadlineNanos;
    this.notifiesMax = notifiesMax;
  }

  public String sessionId() {
    return request.getSessionId();
  }

  public String openid() {
    return request.getOpenid();
  }

  public String action() {
    return request.getAction();
  }

  public Map<String, String> params() {
    return request.getParamsMap();
  }

  /** One parameter, or the default when the player did not send it. */
  public String param(String name, String otherwise) {
    return request.getParamsOrDefault(name, otherwise);
  }

  public ByteString data() {
    return request.getData();
  }

  public Map<String, String> headers() {
    return request.getHeadersMap();
  }

  /** With {@link #sessionId} the idempotency key of the request. */
  public long clientSeqId() {
    return request.getClientSeqId();
  }

  /** How long the gateway still waits for the reply; zero when it no longer does. */
  public Duration timeRemaining() {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }

  /** For messages to anybody else. */
  public Gateways gateways() {
    return gateways;
  }

  /** A message to this player now, in no order with the reply. */
  public CompletionStage<PushResult> push(Notice notice) {
    return gateways.pushToSession(sessionId(), notice);
  }

  /** A message that this player gets before the reply. Notifies arrive in the order of calls. */
  public CompletionStage<PushResult> notifyBefore(Notice notice) {
    return bound(notice, NotifySyncHint.NSH_BEFORE_RESPONSE);
  }

  /** A message that this player gets after the reply. Notifies arrive in the order of calls. */
  public CompletionStage<PushResult> notifyAfter(Notice notice) {
    return bound(notice, NotifySyncHint.NSH_AFTER_RESPONSE);
  }

  private CompletionStage<PushResult> bound(Notice notice, NotifySyncHint hint) {
    UnicastPushRequest push =
        GatewayFleet.unicast("session", sessionId(), notice).toBuilder()
            .setSyncHint(hint)
            .setBindClientSeqId(clientSeqId())
            .build();
    synchronized (notifies) {
      if (returned || notifies.size() >= notifiesMax) {
        return CompletableFuture.completedFuture(
            new PushResult(
                PushResult.Outcome.REFUSED,
                "",
                returned
                    ? "the handler has returned (expected: notify before that)"
                    : "more than " + notifiesMax + " notifies of one request",
                "NOTIFY_REFUSED"));
      }
      CompletableFuture<PushResult> sent =
          gateways.pipelines() || notifies.isEmpty()
              ? gateways.push(push).toCompletableFuture()
              : notifies.getLast().thenCompose(earlier -> gateways.push(push));
      notifies.add(sent);
      return sent.copy();
    }
  }

  /**
   * No more notifies; waits until those issued have been answered, however they were, but no longer
   * than the gateway waits for the reply.
   */
  void awaitNotifies() throws InterruptedException {
    CompletableFuture<?>[] issued;
    synchronized (notifies) {
      returned = true;
      issued = notifies.toArray(CompletableFuture[]::new);
    }
    if (issued.length == 0) {
      return;
    }
    try {
      CompletableFuture.allOf(issued).get(timeRemaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // Nobody waits for the reply any more.
    } catch (ExecutionException e) {
      throw new IllegalStateException("a push failed (expected: every outcome is a value)", e);
    }
  }
}
