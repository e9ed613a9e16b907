package dev.gatesvr.gateway.pair;

import dev.gatesvr.gateway.shard.Lead;
import dev.gatesvr.gateway.shard.LeadSource;
import dev.gatesvr.upstream.grpc.PairFacts;
import java.time.Duration;
import java.util.List;

/**
 * Whether this gateway leads. Written by the pair's loop, read by every thread.
 *
 * <p>A primary that waits for its follower believes in its lead only while it hears it: one that
 * was paused for a while knows nothing of what happened meanwhile, and must not turn a player away
 * for good before it has asked.
 */
public final class PairLead implements LeadSource {
  private final long timeoutNanos;
  private volatile Lead lead;
  private volatile String leader = "";

  /** When the follower was heard; {@link Long#MAX_VALUE} while the lead depends on nobody. */
  private volatile long heardNanos = Long.MAX_VALUE;

  /**
   * @param pair the pair's name; empty for a gateway without one, which always serves
   * @param timeout silence of the follower after which a paired primary is not sure any more
   */
  public PairLead(String pair, Duration timeout) {
    timeoutNanos = timeout.toNanos();
    lead = pair.isEmpty() ? Lead.ALONE : new Lead(false, false, 0, pair, List.of());
  }

  @Override
  public Lead now() {
    return lead;
  }

  @Override
  public boolean sure() {
    long heard = heardNanos;
    return heard == Long.MAX_VALUE || System.nanoTime() - heard < timeoutNanos;
  }

  void set(Lead newLead, String newLeader) {
    leader = newLeader;
    lead = newLead;
  }

  /** The lead depends on a follower, which was heard now. */
  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /** The lead depends on nobody. */
  void alone() {
    heardNanos = Long.MAX_VALUE;
  }

  /** What upstreams are told. */
  public PairFacts facts() {
    Lead now = lead;
    return now.pair().isEmpty()
        ? PairFacts.NONE
        : new PairFacts(now.pair(), now.term(), !now.open(), leader);
  }
}
