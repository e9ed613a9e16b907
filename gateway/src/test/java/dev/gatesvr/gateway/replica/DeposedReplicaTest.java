package dev.gatesvr.gateway.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.backup.log.LogLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeposedReplicaTest {
  private static final LogLimits LIMITS =
      new LogLimits(1 << 20, 1_000, 1 << 20, 50, 1 << 16, 1 << 18);

  private final ShardReplica replica =
      new ShardReplica(0, ReplicationMode.SYNC, LIMITS, 64, () -> 0);
  private final List<String> told = new ArrayList<>();

  private void leave(String what) {
    replica.leaveAfterCommit(() -> told.add(what), () -> told.add("no " + what));
  }

  /**
   * The failure of a request that waited gets a position, and the other gateway gives that position
   * to another message: a client that saw both would have to start over.
   */
  @Test
  void nothingLeavesBetweenTheLossOfTheLeadAndTheEndOfItsSessions() {
    replica.open();
    leave("first");
    replica.depose();
    leave("answer");
    replica.acknowledge(() -> told.add("ack"), () -> told.add("no ack"));
    assertThat(told).containsExactly("first", "no answer", "no ack");
    assertThat(replica.holdsOutputs()).isTrue();
  }

  @Test
  void theNextLeadBeginsAnew() {
    replica.depose();
    replica.shut();
    leave("held");
    assertThat(told).isEmpty();
    replica.open();
    leave("then");
    assertThat(told).containsExactly("held", "then");
    assertThat(replica.holdsOutputs()).isFalse();
  }
}
