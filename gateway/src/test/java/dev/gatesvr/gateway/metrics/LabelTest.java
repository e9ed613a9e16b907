package dev.gatesvr.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabelTest {
  @Test
  void learnsAFewWordsAndCountsTheRestTogether() {
    Label label = Label.learning("reason", "qps");
    for (char c = 'a'; c <= 'z'; c++) {
      label.indexOf("reason_" + c);
    }
    assertThat(label.values()).hasSize(18).startsWith("other", "qps", "reason_a");
    assertThat(label.indexOf("reason_z")).isZero();
    assertThat(label.indexOf("reason_a")).isEqualTo(2);
  }

  @Test
  void neverLearnsWhatMayNameAPlayer() {
    Label label = Label.learning("kind");
    for (String id : List.of("10001", "player-1", "user123", "Ann", "", "x".repeat(33), "a b")) {
      assertThat(label.indexOf(id)).as(id).isZero();
    }
    assertThat(label.values()).containsExactly("other");
  }

  @Test
  void fixedLabelsLearnNothing() {
    Label zone = Label.fixed("zone", "none", List.of("001"));
    assertThat(zone.indexOf("word")).isZero();
    assertThat(zone.indexOf("001")).isEqualTo(1);
    assertThat(zone.values()).containsExactly("none", "001");
  }
}
