package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.register.ArbiterObserver;
import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleInput;
import java.util.function.Consumer;

/** What the arbiter sees, as inputs. Any thread. */
record Reports(Consumer<RoleInput> inputs) implements ArbiterObserver {
  @Override
  public void onEvidence(Evidence evidence) {
    inputs.accept(new RoleInput.EvidenceSeen(evidence));
  }

  @Override
  public void onLeadership(Leadership newer) {
    inputs.accept(new RoleInput.LeadershipSeen(newer));
  }
}
