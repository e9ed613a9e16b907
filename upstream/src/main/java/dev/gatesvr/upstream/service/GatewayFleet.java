package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.upstream.grpc.PushErrors;
import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.service.Offered.Settled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All configured gateways. Thread-safe. */
final class GatewayFleet implements Gateways, PushLanes.Offers {
  private static final Logger log = LoggerFactory.getLogger(GatewayFleet.class);
  private static final BroadcastResult STANDBY = new BroadcastResult(0, 0, PushErrors.NOT_PRIMARY);

  private final Executor callbacks;
  private final PushLanes lanes;

  /** Set once, when the port is known that the links register. */
  private volatile List<GatewayLink> links = List.of();

  private volatile int preferred;

  /**
   * @param callbacks where held pushes go on; may block
   * @param retryNanos how long a push is offered again that no gateway took because none leads
   */
  GatewayFleet(Fences fences, Executor callbacks, ScheduledExecutorService timer, long retryNanos) {
    this.callbacks = callbacks;
    this.lanes = new PushLanes(this, callbacks, timer, retryNanos);
    fences.observe(this::raised);
  }

  /** On whatever thread heard of the term; what authors chained runs elsewhere. */
  private void raised(String pair, long term) {
    try {
      callbacks.execute(() -> links.forEach(link -> link.raised(pair, term)));
    } catch (RejectedExecutionException e) {
      log.debug("term {} of pair {} came while the service stops", term, Printable.plain(pair));
    }
  }

  /**
   * True when pushes that are issued one after the other also arrive so without waiting: there is
   * one gateway, or one pair, of which one leads.
   */
  boolean pipelines() {
    List<GatewayLink> bound = links;
    if (bound.size() == 1) {
      return true;
    }
    String pair = bound.isEmpty() ? "" : bound.get(0).facts().pair();
    return !pair.isEmpty() && bound.stream().allMatch(link -> link.facts().pair().equals(pair));
  }

  /** Pushes that wait for a gateway that leads. */
  int heldPushes() {
    return lanes.held();
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
    return lanes.push(request);
  }

  @Override
  public @Nullable GatewayLink route() {
    List<GatewayLink> bound = links;
    for (int step = 0; step < bound.size(); step++) {
      GatewayLink link = bound.get((preferred + step) % bound.size());
      if (link.connected() && !link.facts().standby() && !link.deposed()) {
        return link;
      }
    }
    return null;
  }

  @Override
  public CompletableFuture<Offered> offer(
      UnicastPushRequest request, @Nullable GatewayLink pipelinedTo) {
    List<GatewayLink> bound = links;
    List<GatewayLink> leading = new ArrayList<>(bound.size());
    List<GatewayLink> standbys = new ArrayList<>();
    Set<String> deposedPairs = new HashSet<>();
    int first = pipelinedTo == null ? preferred : bound.indexOf(pipelinedTo);
    for (int step = 0; step < bound.size(); step++) {
      GatewayLink link = bound.get((first + step) % bound.size());
      if (link == pipelinedTo) {
        leading.add(link);
      } else if (link.deposed()) {
        deposedPairs.add(link.facts().pair());
      } else if (link.facts().standby()) {
        standbys.add(link);
      } else {
        leading.add(link);
      }
    }
    leading.addAll(standbys);
    return PushRound.start(request, leading, deposedPairs, pipelinedTo != null)
        .thenApply(this::prefer);
  }

  private Offered prefer(Offered offered) {
    if (offered instanceof Settled settled && settled.result().accepted()) {
      List<GatewayLink> bound = links;
      for (int at = 0; at < bound.size(); at++) {
        if (bound.get(at).name().equals(settled.result().gateway())) {
          preferred = at;
        }
      }
    }
    return offered;
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
    List<CompletableFuture<BroadcastResult>> answers = new ArrayList<>();
    for (GatewayLink link : links) {
      answers.add(
          link.broadcast(request).handle((response, failure) -> answerOf(link, response, failure)));
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all -> sum(answers.stream().map(CompletableFuture::join).toList()));
  }

  private static BroadcastResult answerOf(
      GatewayLink link, @Nullable BroadcastResponse response, @Nullable Throwable failure) {
    if (failure != null) {
      return new BroadcastResult(0, 0, link.name() + ": " + failure);
    }
    if (response == null) {
      return new BroadcastResult(0, 0, link.name() + ": it was deposed; who got it is unknown");
    }
    return response.getMessage().startsWith(PushErrors.NOT_PRIMARY)
        ? STANDBY
        : new BroadcastResult(response.getSentCount(), 1, "");
  }

  /** Standbys need not take it where somebody leads. */
  private static BroadcastResult sum(List<BroadcastResult> answers) {
    BroadcastResult sum = new BroadcastResult(0, 0, "");
    for (BroadcastResult answer : answers) {
      if (!answer.equals(STANDBY)) {
        sum = plus(sum, answer);
      }
    }
    boolean nobodyLeads = sum.gatewaysAnswered() == 0 && answers.contains(STANDBY);
    return nobodyLeads ? plus(sum, STANDBY) : sum;
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
    lanes.close();
    links.forEach(GatewayLink::close);
    long endNanos = System.nanoTime() + timeoutNanos;
    for (GatewayLink link : links) {
      link.awaitClosed(Math.max(0, endNanos - System.nanoTime()));
    }
  }
}
