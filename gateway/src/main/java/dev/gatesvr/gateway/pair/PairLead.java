package dev.gatesvr.gateway.pair;

import dev.gatesvr.gateway.shard.Lead;
import dev.gatesvr.gateway.shard.LeadSource;
import dev.gatesvr.upstream.grpc.PairFacts;
import java.util.List;

/** Whether this gateway leads. Written by the pair's loop, read by every thread. */
public final class PairLead implements LeadSource {
  private volatile Lead lead;
  private volatile String leader = "";

  /**
   * @param pair the pair's name; empty for a gateway without one, which always serves
   */
  public PairLead(String pair) {
    lead = pair.isEmpty() ? Lead.ALONE : new Lead(false, false, 0, pair, List.of());
  }

  @Override
  public Lead now() {
    return lead;
  }

  void set(Lead newLead, String newLeader) {
    leader = newLeader;
    lead = newLead;
  }

  /** What upstreams are told. */
  public PairFacts facts() {
    Lead now = lead;
    return now.pair().isEmpty()
        ? PairFacts.NONE
        : new PairFacts(now.pair(), now.term(), !now.open(), leader);
  }
}
