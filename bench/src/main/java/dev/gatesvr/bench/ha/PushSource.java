package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.ratio.Servers;
import dev.gatesvr.upstream.service.Gateways;
import dev.gatesvr.upstream.service.Notice;
import dev.gatesvr.upstream.service.PushResult;
import dev.gatesvr.upstream.service.Reply;
import dev.gatesvr.upstream.service.RequestContext;
import dev.gatesvr.upstream.service.UpstreamService;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The zone of all players: pushes to them and echoes what they ask. Thread-safe. At most {@link
 * #OUTSTANDING_MAX} pushes have no outcome; above it they are left out and counted.
 */
final class PushSource implements AutoCloseable {
  private static final int OUTSTANDING_MAX = 20_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final UpstreamService service;
  private final Gateways gateways;
  private final AtomicInteger outstanding = new AtomicInteger();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong leftOut = new AtomicLong();
  private final Map<String, Set<String>> ran = new ConcurrentHashMap<>();
  private final AtomicLong ranTwice = new AtomicLong();
  private final String padding;
  private volatile String newestRefusal = "";
  private volatile @Nullable Watch watch;
  private volatile @Nullable Histogram acks;

  /**
   * Waits for the first push that one gateway acknowledges.
   *
   * @param gateway as it was given to this source
   * @param firstNanos 0 until it came
   */
  private record Watch(String gateway, AtomicLong firstNanos) {}

  /** What became of pushes so far. */
  record Counts(long accepted, long unknown, long refused, long leftOut) {
    Counts since(Counts earlier) {
      return new Counts(
          accepted - earlier.accepted,
          unknown - earlier.unknown,
          refused - earlier.refused,
          leftOut - earlier.leftOut);
    }
  }

  /**
   * Starts the zone and waits until every gateway knows it.
   *
   * @param addresses gRPC of the gateways
   * @param payload bytes of text in a push, at least about 30
   */
  PushSource(List<String> addresses, int payload) throws IOException, InterruptedException {
    padding = "x".repeat(Math.max(0, payload - 30));
    var builder = UpstreamService.builder().zone(Servers.ZONE).listen("127.0.0.1:0");
    addresses.forEach(builder::gateway);
    service = builder.serviceName("bench").on("echo", this::echo).start();
    gateways = service.gateways();
    awaitRegistered();
  }

  /** Waits until every gateway knows the zone. */
  void awaitRegistered() throws IOException, InterruptedException {
    Patience.await(
        PATIENCE,
        "the zone is registered at every gateway",
        () -> gateways.links().stream().allMatch(Gateways.Link::registered));
  }

  /** A request that says its name with an {@code r} may run once. */
  private Reply echo(RequestContext request) {
    String text = request.data().toStringUtf8();
    if (text.startsWith("r")
        && !ran.computeIfAbsent(request.openid(), o -> ConcurrentHashMap.newKeySet()).add(text)) {
      ranTwice.incrementAndGet();
    }
    return Reply.ok("", text);
  }

  /** Sends the next push of a player. */
  void push(HaPlayer player, long plannedNanos) {
    if (outstanding.get() >= OUTSTANDING_MAX) {
      leftOut.incrementAndGet();
      return;
    }
    outstanding.incrementAndGet();
    int number = player.book().next();
    String text = new PushNumber(number, plannedNanos).text(padding);
    var unused =
        gateways
            .pushToPlayer(player.openid(), Notice.of("bench", "", text))
            .whenComplete(
                (result, failure) -> {
                  onOutcome(player, number, plannedNanos, result);
                  outstanding.decrementAndGet();
                });
  }

  private void onOutcome(
      HaPlayer player, int number, long plannedNanos, @Nullable PushResult result) {
    if (result == null || !result.accepted()) {
      boolean open = result == null || result.outcome() == PushResult.Outcome.UNKNOWN;
      (open ? unknown : refused).incrementAndGet();
      newestRefusal = open ? newestRefusal : String.valueOf(result);
      return;
    }
    long nowNanos = System.nanoTime();
    accepted.incrementAndGet();
    player.book().onAccepted(number);
    Watch awaited = watch;
    if (awaited != null && awaited.gateway().equals(result.gateway())) {
      awaited.firstNanos().compareAndSet(0, nowNanos);
    }
    Histogram recorded = acks;
    if (recorded != null) {
      recorded.recordValue(Math.max(0, nowNanos - plannedNanos));
    }
  }

  /** Looks out for the first push that this gateway acknowledges from now on. */
  void watch(String gateway) {
    watch = new Watch(gateway, new AtomicLong());
  }

  /** When that was, 0 as long as it has not happened. */
  long firstAckNanos() {
    Watch awaited = watch;
    return awaited == null ? 0 : awaited.firstNanos().get();
  }

  /** Enters how long acknowledgements took from the planned time; null to stop. */
  void recordAcks(@Nullable Histogram nanos) {
    acks = nanos;
  }

  /** Waits until every push has an outcome. */
  void awaitOutcomes() throws IOException, InterruptedException {
    Patience.await(PATIENCE, "every push has an outcome", () -> outstanding.get() == 0);
  }

  Counts counts() {
    return new Counts(accepted.get(), unknown.get(), refused.get(), leftOut.get());
  }

  /** The newest push that was not taken, for people; empty when all were. */
  String newestRefusal() {
    return newestRefusal;
  }

  /** Forgets which requests ran; when none is under way. */
  void forgetRequests() {
    ran.clear();
  }

  /** Requests that ran a second time. */
  long ranTwice() {
    return ranTwice.get();
  }

  @Override
  public void close() {
    service.stop(Duration.ZERO);
  }
}
