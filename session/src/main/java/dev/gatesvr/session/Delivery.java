package dev.gatesvr.session;

import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;

/**
 * How a push is to be delivered.
 *
 * @param hint at once, or before or after the answer of a request
 * @param boundSeq that request, 0 for none
 * @param policy what happens to it when the session holds as much as it may
 * @param key with {@link PushPolicy#POLICY_LATEST} what it is the newest state of, else empty
 */
public record Delivery(NotifySyncHint hint, long boundSeq, PushPolicy policy, String key) {
  /** At once, and never dropped. */
  public static final Delivery RELIABLE =
      new Delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, PushPolicy.POLICY_RELIABLE, "");

  public Delivery {
    boolean keyed = policy == PushPolicy.POLICY_LATEST;
    if (keyed == key.isEmpty()) {
      throw new IllegalArgumentException(
          "key: \"" + key + "\" with " + policy + " (expected: a key with POLICY_LATEST only)");
    }
  }

  /** True when it may be dropped whatever follows. */
  boolean droppable() {
    return policy == PushPolicy.POLICY_DROPPABLE;
  }
}
