package dev.gatesvr.backup.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.LeadershipValue;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeadershipTest {
  private static final Leadership FOUNDED = Leadership.NONE.found("A#1");
  private static final Leadership PAIR = FOUNDED.grow("A#1", "B#1");

  @Test
  void changesFollowTheTable() {
    assertThat(FOUNDED).isEqualTo(new Leadership(1, 1, "A#1", Set.of("A#1")));
    assertThat(PAIR).isEqualTo(new Leadership(2, 1, "A#1", Set.of("A#1", "B#1")));
    assertThat(PAIR.solo("A#1")).isEqualTo(new Leadership(3, 1, "A#1", Set.of("A#1")));
    assertThat(PAIR.promote("B#1")).isEqualTo(new Leadership(3, 2, "B#1", Set.of("B#1")));
  }

  @Test
  void illegalChangesAreRefused() {
    assertThatThrownBy(() -> FOUNDED.found("B#1")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> FOUNDED.promote("B#1")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> PAIR.promote("A#1")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> FOUNDED.solo("A#1")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> PAIR.solo("B#1")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> PAIR.grow("A#1", "B#1")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> FOUNDED.grow("B#1", "B#1")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refoundsOnlyWhenNobodyInSyncCanExist() {
    Set<String> ended = Set.of("A#1", "B#1");
    assertThat(PAIR.refound("A#2", ended::contains))
        .isEqualTo(new Leadership(3, 2, "A#2", Set.of("A#2")));
    assertThatThrownBy(() -> PAIR.refound("A#2", "A#1"::equals))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("refound by A#2");
    // Whoever is in sync itself is promoted, or leads.
    assertThatThrownBy(() -> PAIR.refound("B#1", name -> true))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Leadership.NONE.refound("A#2", name -> true))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void travelsAsAMessage() {
    assertThat(LeadershipWire.fromWire(LeadershipWire.toWire(PAIR))).isEqualTo(PAIR);
    assertThat(LeadershipWire.fromWire(LeadershipValue.getDefaultInstance()))
        .isEqualTo(Leadership.NONE);
    LeadershipValue leaderless = LeadershipValue.newBuilder().setVersion(3).build();
    assertThatThrownBy(() -> LeadershipWire.fromWire(leaderless))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
