package dev.gatesvr.upstream.grpc;

import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import java.util.HashMap;
import java.util.Map;

/**
 * Which instances may get requests: those that recorded the term of this gateway, and those that
 * know no terms. A gateway without a pair never begins a term, and its gate is open. Thread-safe:
 * reading is a volatile read. Opened by a {@link FenceRecorder}.
 */
public final class FenceGate {
  private volatile State state = new State("", 0, Map.of(), ~0);

  /**
   * @param recorded the process at each address that recorded the term, or cannot
   * @param ready a bit for each zone
   */
  private record State(String pair, long term, Map<InstanceAddress, Long> recorded, int ready) {}

  /** True when the instance may get requests. Any thread. */
  public boolean open(UpstreamInstance instance) {
    State now = state;
    if (now.term == 0 || !instance.keepsResults()) {
      return true;
    }
    Long recorded = now.recorded.get(instance.address());
    return recorded != null && recorded == instance.incarnation();
  }

  /**
   * True when every instance of the zone has recorded the term, needs not, or is shut out until it
   * has. Any thread.
   */
  public boolean ready(ZoneId zone) {
    return (state.ready & bit(zone)) != 0;
  }

  /** The term that is recorded, 0 before the first. */
  public long term() {
    return state.term;
  }

  /** Shuts everything that knows terms. False when the term is not above the present one. */
  synchronized boolean begin(String pair, long term) {
    if (pair.isEmpty() || term == 0) {
      throw new IllegalArgumentException(
          "pair \"" + pair + "\", term " + term + " (expected: a name, and a term above 0)");
    }
    if (Long.compareUnsigned(term, state.term) <= 0) {
      return false;
    }
    state = new State(pair, term, Map.of(), 0);
    return true;
  }

  /** Opens the way to a process, unless the term is over. */
  synchronized void recorded(InstanceAddress address, long incarnation, long term) {
    if (term == state.term) {
      Map<InstanceAddress, Long> recorded = new HashMap<>(state.recorded);
      recorded.put(address, incarnation);
      state = new State(state.pair, term, Map.copyOf(recorded), state.ready);
    }
  }

  /** Nothing is registered there any more. */
  synchronized void forget(InstanceAddress address) {
    Map<InstanceAddress, Long> recorded = new HashMap<>(state.recorded);
    recorded.remove(address);
    state = new State(state.pair, state.term, Map.copyOf(recorded), state.ready);
  }

  /** True when the zone was not ready in this term before. */
  synchronized boolean readied(ZoneId zone, long term) {
    if (term != state.term || ready(zone)) {
      return false;
    }
    state = new State(state.pair, term, state.recorded, state.ready | bit(zone));
    return true;
  }

  private static int bit(ZoneId zone) {
    return 1 << zone.number();
  }
}
