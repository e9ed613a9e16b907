package dev.gatesvr.gateway.shard;

import dev.gatesvr.gateway.offline.OfflineStore;
import dev.gatesvr.gateway.offline.StoredPush;
import dev.gatesvr.session.PushVerdict;
import java.util.List;
import java.util.function.Function;

/** Moves what waits for a player from the store into its session, as far as there is room. */
final class StoredDelivery {
  private StoredDelivery() {}

  /**
   * Hands over in order; from the first that has no room on everything goes back.
   *
   * @param push puts one message into the session
   * @return true when something is left in the store
   */
  static boolean deliver(
      OfflineStore store, String openid, long nowNanos, Function<StoredPush, PushVerdict> push) {
    List<StoredPush> stored = store.take(openid, nowNanos);
    int taken = 0;
    while (taken < stored.size() && settled(push.apply(stored.get(taken)))) {
      taken++;
    }
    store.putBack(openid, stored.subList(taken, stored.size()));
    return taken < stored.size();
  }

  /** The store has let nothing in that no session could take; waiting does not help such a one. */
  private static boolean settled(PushVerdict verdict) {
    return verdict != PushVerdict.FULL && verdict != PushVerdict.ENDED;
  }
}
