package dev.gatesvr.cmd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void countsInsertionsDeletionsAndReplacements() {
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("abc", "")).isEqualTo(3);
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("same", "same")).isZero();
  }

  @Test
  void prefersTheSameSectionAmongEqualNames() {
    List<String> known = List.of("backup.sync.timeout", "backup.heartbeat.timeout");
    assertThat(Nearest.key("backup.heartbeat.timeot", known)).isEqualTo("backup.heartbeat.timeout");
    assertThat(Nearest.key("backup.sync.timeot", known)).isEqualTo("backup.sync.timeout");
  }
}
