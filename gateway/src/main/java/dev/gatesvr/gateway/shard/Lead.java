package dev.gatesvr.gateway.shard;

import java.util.List;

/**
 * Whether this gateway serves players, and as what. Immutable; {@link LeadSource} has the newest.
 *
 * @param serving false on a standby, and while nobody knows who leads
 * @param frozen nothing new is let in, because the lead is being handed over
 * @param term of the pair, 0 without one
 * @param pair its name, empty without one
 * @param gateways where players connect, the primary first; empty without a pair
 */
public record Lead(boolean serving, boolean frozen, long term, String pair, List<String> gateways) {
  /** A gateway that is not one of a pair. */
  public static final Lead ALONE = new Lead(true, false, 0, "", List.of());

  public Lead {
    gateways = List.copyOf(gateways);
  }

  /** True when players and pushes are let in. */
  public boolean open() {
    return serving && !frozen;
  }
}
