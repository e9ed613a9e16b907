package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.RecordTermRequest;
import dev.gatesvr.proto.RecordTermResponse;
import dev.gatesvr.upstream.registry.RegistryObserver;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import io.grpc.Status;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets every registered instance record the term of this gateway before it gets a request, so that
 * no request of a deposed gateway runs there any more. Works on its caller's loop; {@link #begin},
 * {@link #ready} and {@link #close} may be called on any thread.
 *
 * <p>What counts as recorded: an instance that says so; one that declares no incarnation, as those
 * of the old wire; one that declares one and does not serve {@code FenceService}. The latter two
 * cannot be fenced at all.
 *
 * <p>A zone is ready when all its instances have recorded the term, are gone from the registry, or
 * could not be asked for {@link Settings#patience}. Those stay shut out in the {@link FenceGate}
 * until they have recorded it. What registers later is shut out until then, too.
 *
 * <p>Bounds: one call to each registered instance at a time.
 */
public final class FenceRecorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FenceRecorder.class);

  private final UpstreamCaller caller;
  private final UpstreamRegistry registry;
  private final FenceGate gate;
  private final Settings settings;
  private final Observer observer;
  private final RegistryObserver onChange = new Follow();
  private final Map<InstanceAddress, Asking> asking = new HashMap<>();
  private RecordTermRequest goal = RecordTermRequest.getDefaultInstance();
  private long patienceEndNanos;
  private @Nullable ScheduledFuture<?> patienceEnd;
  private boolean closed;

  /** Told on the recorder's loop. */
  public interface Observer extends FenceListener {
    /** The zone may be served; once for each zone and term. */
    void onReady(ZoneId zone);
  }

  /**
   * How to ask.
   *
   * @param timeout for one answer
   * @param retry from one failed attempt to the next
   * @param patience how long a zone waits for an instance that does not answer
   */
  public record Settings(Duration timeout, Duration retry, Duration patience) {
    public Settings {
      if (!timeout.isPositive() || !retry.isPositive() || patience.isNegative()) {
        throw new IllegalArgumentException(
            "timeout "
                + timeout
                + ", retry "
                + retry
                + ", patience "
                + patience
                + " (expected: > 0, > 0, >= 0)");
      }
    }

    /** 200 ms, 20 ms, 500 ms: an instance that lives answers in one or two. */
    public static Settings defaults() {
      return new Settings(Duration.ofMillis(200), Duration.ofMillis(20), Duration.ofMillis(500));
    }
  }

  /** One instance that has not recorded the term. */
  private static final class Asking {
    UpstreamInstance instance;
    boolean underWay;

    Asking(UpstreamInstance instance) {
      this.instance = instance;
    }
  }

  private FenceRecorder(
      UpstreamCaller caller,
      UpstreamRegistry registry,
      FenceGate gate,
      Settings settings,
      Observer observer) {
    this.caller = caller;
    this.registry = registry;
    this.gate = gate;
    this.settings = settings;
    this.observer = observer;
  }

  /**
   * Follows the registry; asks nobody before {@link #begin}.
   *
   * @param caller whose channels and loop it uses
   * @param gate the one that all callers of this gateway ask
   */
  public static FenceRecorder start(
      UpstreamCaller caller,
      UpstreamRegistry registry,
      FenceGate gate,
      Settings settings,
      Observer observer) {
    FenceRecorder recorder = new FenceRecorder(caller, registry, gate, settings, observer);
    registry.observe(recorder.onChange);
    return recorder;
  }

  /**
   * This gateway leads in a term: from the return on no instance that knows terms gets a request
   * before it has recorded it. A term that is not above the one before changes nothing. Any thread.
   *
   * @param leader the process that leads, for people
   * @throws IllegalArgumentException without a pair or a term
   */
  public void begin(String pair, long term, String leader) {
    if (gate.begin(pair, term)) {
      RecordTermRequest next =
          RecordTermRequest.newBuilder().setPair(pair).setTerm(term).setLeader(leader).build();
      onLoop(() -> pursue(next));
    }
  }

  /** True when the zone may be served in the term of the last {@link #begin}. Any thread. */
  public boolean ready(ZoneId zone) {
    return gate.ready(zone);
  }

  /** Asks nobody any more; the gate stays as it is. Any thread. */
  @Override
  public void close() {
    registry.unobserve(onChange);
    onLoop(
        () -> {
          closed = true;
          asking.clear();
          endPatience();
        });
  }

  private void pursue(RecordTermRequest next) {
    if (closed || Long.compareUnsigned(next.getTerm(), goal.getTerm()) <= 0) {
      return;
    }
    goal = next;
    // Answers to what was asked before say nothing of this term.
    asking.clear();
    endPatience();
    long patienceNanos = settings.patience().toNanos();
    patienceEndNanos = System.nanoTime() + patienceNanos;
    patienceEnd = caller.loop().schedule(this::readyZones, patienceNanos, TimeUnit.NANOSECONDS);
    follow();
  }

  private void endPatience() {
    if (patienceEnd != null) {
      patienceEnd.cancel(false);
      patienceEnd = null;
    }
  }

  /** Asks those of the newest table that were not asked. */
  private void follow() {
    if (closed || goal.getTerm() == 0) {
      return;
    }
    for (UpstreamInstance instance : registry.table().all()) {
      if (!gate.open(instance)) {
        Asking one = asking.computeIfAbsent(instance.address(), at -> new Asking(instance));
        one.instance = instance;
        ask(one);
      }
    }
    asking.values().removeIf(one -> registry.table().at(one.instance.address()) == null);
    readyZones();
  }

  private void ask(Asking one) {
    if (one.underWay) {
      return;
    }
    one.underWay = true;
    RecordTermRequest asked = goal;
    caller.recordTerm(
        one.instance,
        asked,
        settings.timeout().toNanos(),
        (status, response) -> {
          if (one == asking.get(one.instance.address()) && asked.getTerm() == goal.getTerm()) {
            one.underWay = false;
            answered(one, status, response);
          }
        });
  }

  private void answered(Asking one, Status status, @Nullable RecordTermResponse response) {
    UpstreamInstance instance = one.instance;
    long term = goal.getTerm();
    if (response != null && response.getRecorded()) {
      // The process that answered; another one than registered is on its way to register.
      gate.recorded(instance.address(), response.getIncarnation(), term);
    } else if (response != null) {
      log.warn("upstream {} knows term {}, above {}", instance, response.getTerm(), term);
      observer.onFenced(goal.getPair(), response.getTerm());
    } else if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      log.warn("upstream {} knows no terms: what a deposed gateway sends runs there", instance);
      gate.recorded(instance.address(), instance.incarnation(), term);
    } else {
      log.debug("upstream {} did not record term {}: {}", instance, term, status);
    }
    if (gate.open(instance)) {
      asking.remove(instance.address());
      readyZones();
    } else {
      var unused =
          caller
              .loop()
              .schedule(() -> askAgain(one), settings.retry().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void askAgain(Asking one) {
    if (one == asking.get(one.instance.address())) {
      ask(one);
    }
  }

  private void readyZones() {
    if (closed || goal.getTerm() == 0) {
      return;
    }
    boolean patient = patienceEndNanos - System.nanoTime() > 0;
    for (ZoneId zone : ZoneId.values()) {
      boolean all = registry.table().instances(zone).stream().allMatch(gate::open);
      if ((all || !patient) && gate.readied(zone, goal.getTerm())) {
        if (!all) {
          log.warn("zone {} is served without the instances that did not answer", zone);
        }
        observer.onReady(zone);
      }
    }
  }

  private void onLoop(Runnable task) {
    try {
      caller.loop().execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the loop of a recorder has ended");
    }
  }

  private final class Follow implements RegistryObserver {
    @Override
    public void onAdded(UpstreamInstance instance) {
      onLoop(FenceRecorder.this::follow);
    }

    @Override
    public void onReplaced(UpstreamInstance old, UpstreamInstance instance) {
      onLoop(FenceRecorder.this::follow);
    }

    @Override
    public void onRemoved(UpstreamInstance instance) {
      onLoop(
          () -> {
            if (registry.table().at(instance.address()) == null) {
              gate.forget(instance.address());
            }
            follow();
          });
    }
  }
}
