package dev.gatesvr.gateway.pair;

import java.util.HashSet;
import java.util.Set;

/** Records a new term at every upstream: as much as {@code FenceRecorder} does. */
final class SimFence {
  private static final long MILLI = 1_000_000;
  private static final long RETRY_NANOS = 20 * MILLI;
  private static final long PATIENCE_NANOS = 300 * MILLI;

  private final PairWorld world;
  private final SimNode node;
  private final Set<Long> recorded = new HashSet<>();
  private long term;
  private boolean ready;

  SimFence(PairWorld world, SimNode node) {
    this.world = world;
    this.node = node;
  }

  boolean ready() {
    return ready;
  }

  /** True when the process may get requests. */
  boolean open(SimUpstream upstream) {
    return recorded.contains(upstream.incarnation);
  }

  void begin(long newTerm) {
    if (newTerm <= term) {
      return;
    }
    term = newTerm;
    recorded.clear();
    ready = false;
    world.upstreams().forEach(this::follow);
    node.process()
        .after(
            PATIENCE_NANOS,
            () -> {
              if (term == newTerm) {
                readied();
              }
            });
  }

  /** The upstream is there, or another process of it. */
  void follow(SimUpstream upstream) {
    if (term != 0 && !open(upstream)) {
      ask(upstream, upstream.process, upstream.incarnation, term);
    }
  }

  private void ask(SimUpstream upstream, SimProcess there, long incarnation, long asked) {
    if (asked != term || incarnation != upstream.incarnation) {
      return;
    }
    world
        .net()
        .call(
            node.process(),
            there,
            reply -> {
              boolean admitted = upstream.admits(asked);
              long by = upstream.highestTerm();
              reply.answer(() -> answered(upstream, there, incarnation, asked, admitted, by));
            },
            broken -> again(upstream, there, incarnation, asked));
  }

  private void again(SimUpstream upstream, SimProcess there, long incarnation, long asked) {
    node.process().after(RETRY_NANOS, () -> ask(upstream, there, incarnation, asked));
  }

  private void answered(
      SimUpstream upstream,
      SimProcess there,
      long incarnation,
      long asked,
      boolean admitted,
      long by) {
    if (asked != term) {
      return;
    }
    if (admitted) {
      recorded.add(incarnation);
      if (world.upstreams().stream().allMatch(this::open)) {
        readied();
      }
    } else {
      node.fencedBy(by);
      again(upstream, there, incarnation, asked);
    }
  }

  private void readied() {
    if (!ready) {
      ready = true;
      node.zoneReady();
    }
  }
}
