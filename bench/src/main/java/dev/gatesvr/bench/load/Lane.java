package dev.gatesvr.bench.load;

import dev.gatesvr.transport.loop.IoLoops;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The players of one loop during one run. Confined to that loop, except {@link #start} and {@link
 * #progress}.
 */
final class Lane {
  /** After the last planned request, a silence this long ends the run. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Answers so far, and the requests that should have been sent. */
  record Progress(long planned, long answered) {}

  private final EventLoop loop;
  private final List<Player> players;
  private final LoadPlan plan;
  private final double intervalNanos;
  private final Histogram latencyNanos = LoadReport.histogram();
  private final CompletableFuture<LoadReport> done = new CompletableFuture<>();
  private final IdentityHashMap<Player, Integer> indexOf = new IdentityHashMap<>();

  /** By player: requests planned and sent in this run. */
  private final long[] plannedOf;

  private final long[] sentOf;

  private long startNanos;
  private long measureNanos;
  private long endNanos;

  /** When the last answer came, or the end if that is later. */
  private long aliveNanos;

  private long planned;
  private long sent;
  private long answered;
  private long errors;
  private long unexpected;

  /**
   * @param share this lane's part of the plan's rate
   */
  Lane(EventLoop loop, List<Player> players, LoadPlan plan, double share) {
    this.loop = loop;
    this.players = players;
    this.plan = plan;
    this.intervalNanos = plan.isOpen() ? 1e9 / (plan.ratePerSecond() * share) : 0;
    this.plannedOf = new long[players.size()];
    this.sentOf = new long[players.size()];
    for (int index = 0; index < players.size(); index++) {
      indexOf.put(players.get(index), index);
    }
  }

  /** The loop that a player lives on. */
  static EventLoop loopOf(IoLoops loops, Player player) {
    return loops.loop(loops.indexOf(player.connection().loop()));
  }

  /** Runs the plan. */
  CompletableFuture<LoadReport> start() {
    loop.execute(this::begin);
    return done;
  }

  /** How far it is. */
  CompletableFuture<Progress> progress() {
    CompletableFuture<Progress> seen = new CompletableFuture<>();
    loop.execute(() -> seen.complete(new Progress(planned, answered)));
    return seen;
  }

  private void begin() {
    startNanos = System.nanoTime();
    measureNanos = startNanos + plan.warmup().toNanos();
    endNanos = measureNanos + plan.duration().toNanos();
    aliveNanos = endNanos;
    players.forEach(player -> player.joins(this));
    if (plan.isOpen()) {
      tick();
    } else {
      players.forEach(this::refill);
      awaitEnd();
    }
  }

  // ---------------------------------------------------------------- open loop

  private long plannedNanos(long request) {
    return startNanos + (long) (request * intervalNanos);
  }

  private void tick() {
    long nowNanos = System.nanoTime();
    long next = plannedNanos(planned);
    while (next - nowNanos <= 0 && next - endNanos < 0) {
      int index = (int) (planned % players.size());
      planned++;
      plannedOf[index]++;
      pump(index);
      next = plannedNanos(planned);
    }
    if (next - endNanos >= 0) {
      awaitEnd();
    } else {
      schedule(this::tick, next - nowNanos);
    }
  }

  /** Sends what was planned for a player and could not be sent before. */
  private void pump(int index) {
    Player player = players.get(index);
    while (sentOf[index] < plannedOf[index]) {
      long request = sentOf[index] * players.size() + index;
      if (!player.request(plannedNanos(request))) {
        return;
      }
      sentOf[index]++;
      sent++;
    }
  }

  // ---------------------------------------------------------------- closed loop

  private void refill(Player player) {
    long nowNanos = System.nanoTime();
    while (player.outstanding() < plan.depth()
        && nowNanos - endNanos < 0
        && player.request(nowNanos)) {
      planned++;
      sent++;
    }
  }

  // ---------------------------------------------------------------- from players

  void onAnswer(Player player, long sinceNanos, long receivedNanos, boolean error) {
    answered++;
    aliveNanos = receivedNanos - endNanos > 0 ? receivedNanos : endNanos;
    if (error) {
      errors++;
    }
    if (sinceNanos - measureNanos >= 0) {
      long latency = Math.clamp(receivedNanos - sinceNanos, 0, LoadReport.LATENCY_NANOS_MAX);
      latencyNanos.recordValue(latency);
    }
    onRoom(player);
  }

  void onUnexpected() {
    unexpected++;
  }

  void onRoom(Player player) {
    if (!plan.isOpen()) {
      refill(player);
      return;
    }
    Integer index = indexOf.get(player);
    if (index != null) {
      pump(index);
    }
  }

  // ---------------------------------------------------------------- the end

  private void awaitEnd() {
    long nowNanos = System.nanoTime();
    boolean over = nowNanos - endNanos >= 0;
    if (over && (answered >= planned || nowNanos - aliveNanos >= SILENCE_NANOS)) {
      finish();
    } else {
      schedule(this::awaitEnd, over ? POLL_NANOS : endNanos - nowNanos);
    }
  }

  private void schedule(Runnable task, long delayNanos) {
    var unused = loop.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
  }

  private void finish() {
    players.forEach(player -> player.joins(null));
    int lostPlayers = (int) players.stream().filter(Player::closed).count();
    double seconds = plan.duration().toNanos() / 1e9;
    done.complete(
        new LoadReport(
            planned, sent, answered, errors, unexpected, lostPlayers, latencyNanos, seconds));
  }
}
