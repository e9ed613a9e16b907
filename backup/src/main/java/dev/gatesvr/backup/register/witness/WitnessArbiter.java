package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.Arbiter;
import dev.gatesvr.backup.register.ArbiterException;
import dev.gatesvr.backup.register.ArbiterObserver;
import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.proto.WatchReport;
import dev.gatesvr.proto.WitnessSighting;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register in a majority of witnesses. Thread-safe; everything happens on the thread {@code
 * backup-arbiter}, on which stages complete and the observer is called. See the package.
 */
public final class WitnessArbiter implements Arbiter {
  private static final Logger log = LoggerFactory.getLogger(WitnessArbiter.class);

  /** Changes that may wait for the one under way; a gateway has one at a time. */
  private static final int WAITING_MAX = 16;

  private static final long TICK_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long TICK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int TICKS_PER_SILENCE = 16;

  /** After news, for what follows it: promises before that would only disturb. */
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private record Waiting(
      Leadership expected, Leadership wanted, CompletableFuture<Leadership> outcome) {}

  private final WitnessSettings settings;
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;
  private final List<WitnessLine> lines = new ArrayList<>();
  private final Electorate electorate;
  private final Sightings sightings;
  private final AcceptedValues accepted;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final long tickNanos;
  private @Nullable ArbiterObserver observer;
  private volatile @Nullable Standing standing;
  private Leadership newest = Leadership.NONE;
  private long newestNanos = System.nanoTime();
  private long nextBeatNanos = System.nanoTime();
  private long beats;
  private @Nullable Change changing;
  private volatile boolean closed;
  private volatile List<WitnessStatus> status = List.of();

  private WitnessArbiter(WitnessSettings settings) {
    this.settings = settings;
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("backup-arbiter", true), NioIoHandler.newFactory());
    this.loop = group.next();
    int count = settings.witnesses().size();
    long silenceNanos = settings.silence().toNanos();
    this.sightings = new Sightings(count, settings.incarnation(), silenceNanos);
    this.accepted = new AcceptedValues(count);
    this.electorate =
        new Electorate(Collections.unmodifiableList(lines), settings.incarnation(), loop);
    this.tickNanos =
        Math.min(
            settings.beatInterval().toNanos(),
            Math.clamp(silenceNanos / TICKS_PER_SILENCE, TICK_NANOS_MIN, TICK_NANOS_MAX));
  }

  /** Begins to connect; nothing fails when no witness is there yet. */
  public static WitnessArbiter start(WitnessSettings settings) {
    WitnessArbiter arbiter = new WitnessArbiter(settings);
    arbiter.loop.execute(arbiter::begin);
    return arbiter;
  }

  private void begin() {
    WitnessLine.Listener listener = new Reports();
    for (int at = 0; at < settings.witnesses().size(); at++) {
      lines.add(new WitnessLine(at, settings, loop, listener));
    }
    lines.forEach(WitnessLine::open);
    tick();
  }

  @Override
  public CompletionStage<Leadership> read() {
    return change(Leadership.NONE, Leadership.NONE);
  }

  @Override
  public CompletionStage<Leadership> change(Leadership expected, Leadership wanted) {
    CompletableFuture<Leadership> outcome = new CompletableFuture<>();
    try {
      loop.execute(() -> enqueue(new Waiting(expected, wanted, outcome)));
    } catch (RejectedExecutionException e) {
      outcome.completeExceptionally(new ArbiterException("the arbiter is closed", e));
    }
    return outcome;
  }

  private void enqueue(Waiting next) {
    if (closed) {
      next.outcome.completeExceptionally(new ArbiterException("the arbiter is closed"));
    } else if (waiting.size() >= WAITING_MAX) {
      next.outcome.completeExceptionally(
          new ArbiterException(WAITING_MAX + " changes wait for the register already"));
    } else {
      waiting.add(next);
      changeNext();
    }
  }

  private void changeNext() {
    Waiting next = changing == null ? waiting.poll() : null;
    if (next == null) {
      return;
    }
    Standing promises = standing;
    standing = null;
    CompletableFuture<Leadership> voted = new CompletableFuture<>();
    var unused =
        voted.whenComplete(
            (value, failure) -> {
              changing = null;
              if (failure == null) {
                sawNewer(value);
                next.outcome.complete(value);
              } else {
                next.outcome.completeExceptionally(failure);
              }
              changeNext();
            });
    changing =
        new Change(electorate, next.expected, next.wanted, settings.timeout(), promises, voted);
  }

  @Override
  public void observe(ArbiterObserver observer) {
    loop.execute(
        () -> {
          this.observer = observer;
          if (newest.version() > 0) {
            observer.onLeadership(newest);
          }
          sightings.forgetTold();
          tellEvidence(System.nanoTime());
        });
  }

  /** How the witnesses are, as of the last tick; any thread. */
  public List<WitnessStatus> status() {
    return status;
  }

  /** True when a majority promised beforehand what a promotion will ask for; any thread. */
  public boolean standsReady() {
    Standing promises = standing;
    return promises != null && promises.ready();
  }

  private void tick() {
    if (closed) {
      return;
    }
    loop.schedule(this::tick, tickNanos, TimeUnit.NANOSECONDS);
    long now = System.nanoTime();
    if (now - nextBeatNanos >= 0) {
      nextBeatNanos = now + settings.beatInterval().toNanos();
      beats++;
      lines.forEach(line -> line.beat(beats, now));
    }
    tellEvidence(now);
    collectPromises(now);
    List<WitnessStatus> looks = new ArrayList<>();
    for (int at = 0; at < lines.size(); at++) {
      looks.add(
          new WitnessStatus(
              lines.get(at).address(), sightings.connected(at, now), accepted.version(at)));
    }
    status = List.copyOf(looks);
  }

  /** So that a promotion needs one phase less. */
  private void collectPromises(long now) {
    if (standing == null
        && changing == null
        && newest.mayPromote(settings.incarnation())
        && now - newestNanos >= SETTLE_NANOS) {
      standing = new Standing(electorate, now + settings.timeout().toNanos());
    }
  }

  private void sawNewer(Leadership value) {
    if (value.version() <= newest.version()) {
      return;
    }
    newest = value;
    newestNanos = System.nanoTime();
    Standing old = standing;
    if (old != null) {
      old.stop();
      standing = null;
    }
    Set<String> named = new HashSet<>(value.inSync());
    named.add(value.leader());
    sightings.name(named);
    ArbiterObserver told = observer;
    if (told != null) {
      told.onLeadership(value);
    }
  }

  private void tellEvidence(long now) {
    ArbiterObserver told = observer;
    if (told != null) {
      sightings.changes(now).forEach(told::onEvidence);
    }
  }

  /** Ends everything; a change under way fails, and its outcome is unknown. Blocks briefly. */
  @Override
  public void close() {
    closed = true;
    try {
      loop.execute(this::end);
    } catch (RejectedExecutionException e) {
      log.debug("closed before");
    }
    var unused = group.shutdownGracefully(50, 1_000, TimeUnit.MILLISECONDS);
  }

  private void end() {
    lines.forEach(WitnessLine::close);
    ArbiterException why = new ArbiterException("the arbiter is closed");
    Change underWay = changing;
    for (Waiting left : waiting) {
      left.outcome.completeExceptionally(why);
    }
    waiting.clear();
    if (underWay != null) {
      underWay.end(why);
    }
  }

  /** What the witnesses say on their streams. */
  private final class Reports implements WitnessLine.Listener {
    @Override
    public void onReport(int witness, WatchReport report, boolean first) {
      if (!electorate.recognise(witness, report.getWitnessId())) {
        return;
      }
      long now = System.nanoTime();
      if (first) {
        sightings.opened(witness, now);
      }
      sightings.heard(witness, now);
      for (WitnessSighting sighting : report.getSightingsList()) {
        sightings.sighted(witness, sighting.getIncarnation(), sighting.getSight());
      }
      if (report.hasAcceptedAt()) {
        Ballot ballot = Ballots.fromWire(report.getAcceptedAt());
        electorate.saw(ballot);
        Leadership value = LeadershipWire.fromWire(report.getValue());
        if (accepted.isNowOfAMajority(witness, ballot, value)) {
          sawNewer(value);
        }
      }
      tellEvidence(now);
    }

    @Override
    public void onClosed(int witness) {
      sightings.closed(witness);
      tellEvidence(System.nanoTime());
    }
  }
}
