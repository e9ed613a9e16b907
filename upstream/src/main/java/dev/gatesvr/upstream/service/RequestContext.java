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
  private final AttributeChanges attributeChanges = new AttributeChanges();
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

  /** The session's attributes when the gateway sent this request; changes made here do not show. */
  public Map<String, String> attributes() {
    return request.getAttributesMap();
  }

  /**
   * Keeps a small fact with the session, for as long as it lives, and shows it in every later
   * request. Takes effect with the reply; the last change of a name counts.
   *
   * @param name 1 to 64 UTF-8 bytes, no control characters
   * @param value at most 256 UTF-8 bytes
   * @throws IllegalStateException above 32 names, or after the handler returned
   */
  public void setAttribute(String name, String value) {
    attributeChanges.set(name, value, Duration.ZERO);
  }

  /** As {@link #setAttribute(String, String)}, but only for a time, at least a millisecond. */
  public void setAttribute(String name, String value, Duration ttl) {
    attributeChanges.set(name, value, ttl);
  }

  /** Takes an attribute from the session. */
  public void removeAttribute(String name) {
    attributeChanges.remove(name);
  }

  AttributeChanges attributeChanges() {
    return attributeChanges;
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
