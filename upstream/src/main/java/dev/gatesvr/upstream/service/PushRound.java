package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.upstream.service.Offered.Diverted;
import dev.gatesvr.upstream.service.Offered.Leaderless;
import dev.gatesvr.upstream.service.Offered.Settled;
import dev.gatesvr.upstream.service.PushResult.Outcome;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One push that is offered to one gateway after the other until one takes it. A push that may have
 * been taken is offered to nobody else. One step follows the other, so no lock is needed.
 */
final class PushRound {
  private final UnicastPushRequest request;
  private final List<GatewayLink> links;
  private final boolean pipelined;

  /** Pairs of which somebody said that he does not lead, and pairs whose leader answered. */
  private final Set<String> leaderless = new HashSet<>();

  private final Set<String> led = new HashSet<>();
  private @Nullable PushResult refusal;

  private PushRound(UnicastPushRequest request, List<GatewayLink> links, boolean pipelined) {
    this.request = request;
    this.links = links;
    this.pipelined = pipelined;
  }

  /**
   * Offers it.
   *
   * @param links in the order to ask them
   * @param deposedPairs pairs with a gateway that is not asked because it was deposed
   * @param pipelined whether later pushes of its target may be under way to the first link already:
   *     then it goes to nobody else when that one does not lead
   */
  static CompletableFuture<Offered> start(
      UnicastPushRequest request,
      List<GatewayLink> links,
      Set<String> deposedPairs,
      boolean pipelined) {
    PushRound round = new PushRound(request, links, pipelined);
    round.leaderless.addAll(deposedPairs);
    return round.ask(0);
  }

  private CompletableFuture<Offered> ask(int from) {
    if (from == 0 && pipelined && !links.get(0).connected()) {
      return CompletableFuture.completedFuture(new Diverted());
    }
    for (int at = from; at < links.size(); at++) {
      GatewayLink link = links.get(at);
      LinkFacts facts = link.facts();
      boolean known = facts.standby() && led.contains(facts.pair());
      if (!known && link.connected()) {
        int next = at + 1;
        return link.push(request).thenCompose(answer -> answered(answer, next));
      }
    }
    return CompletableFuture.completedFuture(end());
  }

  private CompletableFuture<Offered> answered(PushAnswer answer, int next) {
    return switch (answer.kind()) {
      case FINAL -> CompletableFuture.completedFuture(new Settled(answer.result()));
      case REFUSED -> {
        refusal = answer.result();
        led.add(answer.pair());
        yield ask(next);
      }
      case NOT_PRIMARY -> {
        leaderless.add(answer.pair());
        yield diverted(next);
      }
      case NOT_SENT -> diverted(next);
    };
  }

  private CompletableFuture<Offered> diverted(int next) {
    return pipelined && next == 1 ? CompletableFuture.completedFuture(new Diverted()) : ask(next);
  }

  private Offered end() {
    if (!led.containsAll(leaderless)) {
      return new Leaderless();
    }
    return new Settled(
        refusal == null
            ? new PushResult(Outcome.UNREACHABLE, "", "no gateway is connected", "")
            : refusal);
  }
}
