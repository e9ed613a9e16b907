package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.service.PushResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** All configured gateways. Thread-safe. */
final class GatewayFleet implements Gateways {
  /** Set once, when the port is known that the links register. */
  private volatile List<GatewayLink> links = List.of();

  private volatile int preferred;

  /** True when pushes that are issued one after the other also arrive so without waiting. */
  boolean pipelines() {
    return links.size() == 1;
  }

  static UnicastPushRequest unicast(String targetType, String targetId, Notice notice) {
    return UnicastPushRequest.newBuilder()
        .setTargetType(targetType)
        .setTargetId(targetId)
        .setMsgType(notice.msgType())
        .setTitle(notice.title())
        .setContent(notice.content())
        .setData(notice.data())
        .putAllMetadata(notice.metadata())
        .setPolicy(notice.policy())
        .setKey(notice.key())
        .build();
  }

  @Override
  public CompletionStage<PushResult> pushToPlayer(String openid, Notice notice) {
    return push(unicast("openid", openid, notice));
  }

  @Override
  public CompletionStage<PushResult> pushToSession(String sessionId, Notice notice) {
    return push(unicast("session", sessionId, notice));
  }

  @Override
  public CompletionStage<PushResult> push(UnicastPushRequest request) {
    return offer(request, preferred, 0, null);
  }

  /** Offers to the links from {@code first} on, {@code skipped} of which have been asked. */
  private CompletionStage<PushResult> offer(
      UnicastPushRequest request, int first, int skipped, @Nullable PushResult refusal) {
    for (int step = skipped; step < links.size(); step++) {
      int at = (first + step) % links.size();
      GatewayLink link = links.get(at);
      if (link.connected()) {
        int next = step + 1;
        return link.push(request)
            .handle((response, failure) -> resultOf(link, response, failure))
            .thenCompose(
                result -> {
                  if (result.accepted()) {
                    preferred = at;
                  }
                  return result.outcome() == Outcome.REFUSED
                      ? offer(request, first, next, result)
                      : CompletableFuture.completedFuture(result);
                });
      }
    }
    return CompletableFuture.completedFuture(
        refusal == null
            ? new PushResult(Outcome.UNREACHABLE, "", "no gateway is connected", "")
            : refusal);
  }

  private static PushResult resultOf(
      GatewayLink link, @Nullable UnicastPushResponse response, @Nullable Throwable failure) {
    if (response == null) {
      return new PushResult(Outcome.UNKNOWN, link.name(), String.valueOf(failure), "");
    }
    return PushResult.of(link.name(), response);
  }

  @Override
  public CompletionStage<BroadcastResult> broadcast(Notice notice) {
    BroadcastRequest request =
        BroadcastRequest.newBuilder()
            .setMsgType(notice.msgType())
            .setTitle(notice.title())
            .setContent(notice.content())
            .setData(notice.data())
            .putAllMetadata(notice.metadata())
            .setPolicy(notice.policy())
            .setKey(notice.key())
            .build();
    CompletionStage<BroadcastResult> sum =
        CompletableFuture.completedFuture(new BroadcastResult(0, 0, ""));
    List<CompletionStage<BroadcastResult>> answers = new ArrayList<>();
    for (GatewayLink link : links) {
      answers.add(
          link.broadcast(request).handle((response, failure) -> answerOf(link, response, failure)));
    }
    for (CompletionStage<BroadcastResult> answer : answers) {
      sum = sum.thenCombine(answer, GatewayFleet::plus);
    }
    return sum;
  }

  private static BroadcastResult answerOf(
      GatewayLink link, @Nullable BroadcastResponse response, @Nullable Throwable failure) {
    return response == null
        ? new BroadcastResult(0, 0, link.name() + ": " + failure)
        : new BroadcastResult(response.getSentCount(), 1, "");
  }

  private static BroadcastResult plus(BroadcastResult a, BroadcastResult b) {
    String message =
        a.message().isEmpty() || b.message().isEmpty()
            ? a.message() + b.message()
            : a.message() + "; " + b.message();
    return new BroadcastResult(
        a.sentCount() + b.sentCount(), a.gatewaysAnswered() + b.gatewaysAnswered(), message);
  }

  @Override
  public List<Link> links() {
    return links.stream().map(link -> new Link(link.name(), link.registered())).toList();
  }

  void start(List<GatewayLink> bound) {
    links = List.copyOf(bound);
    bound.forEach(GatewayLink::start);
  }

  /** Ends all links and waits up to the timeout until their pushes have been told so. */
  void close(long timeoutNanos) throws InterruptedException {
    links.forEach(GatewayLink::close);
    long endNanos = System.nanoTime() + timeoutNanos;
    for (GatewayLink link : links) {
      link.awaitClosed(Math.max(0, endNanos - System.nanoTime()));
    }
  }
}
