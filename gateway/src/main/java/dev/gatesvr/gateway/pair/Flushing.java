package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.PairLink;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.proto.HandOver;
import dev.gatesvr.proto.PairFrame;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings everything of a frozen primary to its follower. Looks again and again; the role machine
 * knows how long it waits. On the pair's loop.
 */
final class Flushing {
  /** Requests under way may end first; after that the new primary asks for their results. */
  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private static final long LOOK_MICROS = 500;

  private final EventLoop loop;
  private final Fleet fleet;
  private final PairPort port;
  private final BooleanSupplier frozen;
  private final Consumer<RoleInput> inputs;

  Flushing(
      EventLoop loop,
      Fleet fleet,
      PairPort port,
      BooleanSupplier frozen,
      Consumer<RoleInput> inputs) {
    this.loop = loop;
    this.fleet = fleet;
    this.port = port;
    this.frozen = frozen;
    this.inputs = inputs;
  }

  /**
   * @param freeze numbers the freeze, for {@link RoleInput.Flushed}
   */
  void begin(long freeze) {
    look(freeze, System.nanoTime());
  }

  private void look(long freeze, long sinceNanos) {
    if (!frozen.getAsBoolean()) {
      return;
    }
    boolean drained = port.requestsUnderWay() == 0 || System.nanoTime() - sinceNanos > DRAIN_NANOS;
    var unused =
        fleet
            .quiet()
            .whenComplete(
                (quiet, failure) -> {
                  if (failure == null && quiet && drained) {
                    inputs.accept(new RoleInput.Flushed(freeze));
                  } else {
                    lookAgain(freeze, sinceNanos);
                  }
                });
  }

  private void lookAgain(long freeze, long sinceNanos) {
    try {
      var unused =
          loop.schedule(() -> look(freeze, sinceNanos), LOOK_MICROS, TimeUnit.MICROSECONDS);
    } catch (RejectedExecutionException e) {
      // The gateway stops.
    }
  }

  /** Everything is there. */
  void sendHandOver(long term, @Nullable PairLink link) {
    if (link != null) {
      HandOver.Builder handOver = HandOver.newBuilder().setTerm(term);
      fleet.statuses().forEach(status -> handOver.addLastLsn(status.lastLsn()));
      link.send(PairFrame.newBuilder().setHandOver(handOver).build());
    }
  }
}
