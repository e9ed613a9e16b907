package dev.gatesvr.gateway.cuts;

import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.upstream.service.PushResult;
import java.util.BitSet;

/** What one producer sent to one player, and what it was told became of it. Thread-safe. */
final class Sent {
  private final BitSet accepted = new BitSet();
  private final BitSet reliable = new BitSet();
  private final BitSet unknown = new BitSet();
  private int lastLatest = -1;
  private int tried;

  /** The next number. */
  synchronized int next() {
    return tried++;
  }

  synchronized void told(int number, PushPolicy policy, PushResult result) {
    if (result.accepted()) {
      accepted.set(number);
      reliable.set(number, policy == PushPolicy.POLICY_RELIABLE);
      if (policy == PushPolicy.POLICY_LATEST) {
        lastLatest = number;
      }
    } else if (result.outcome() == PushResult.Outcome.UNKNOWN) {
      unknown.set(number);
    }
  }

  synchronized int acceptedCount() {
    return accepted.cardinality();
  }

  synchronized int refusedCount() {
    return tried - accepted.cardinality() - unknown.cardinality();
  }

  /** What came although it was refused, or was never sent. */
  synchronized BitSet unexpected(BitSet got) {
    BitSet unexpected = (BitSet) got.clone();
    unexpected.andNot(accepted);
    unexpected.andNot(unknown);
    return unexpected;
  }

  /** What was accepted and did not come. */
  synchronized BitSet missing(BitSet got) {
    BitSet missing = (BitSet) accepted.clone();
    missing.andNot(got);
    return missing;
  }

  /** The part of it that nobody may drop: the reliable ones, and the newest state. */
  synchronized BitSet lost(BitSet got) {
    BitSet lost = missing(got);
    lost.and(reliable);
    if (lastLatest >= 0 && !got.get(lastLatest)) {
      lost.set(lastLatest);
    }
    return lost;
  }
}
