package dev.gatesvr.cmd.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.BackupConfig.ArbiterKind;
import dev.gatesvr.gateway.config.BackupConfig.Mode;
import dev.gatesvr.gateway.config.BackupConfig.Replication;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The files that docs/ha.md tells an operator to begin with. */
class HaExamplesTest {
  private static BackupConfig node(String file) {
    Path path = Path.of("..", "docs", "examples", file);
    return ConfigLoader.load(path, Map.of(), List.of()).config().backup();
  }

  @Test
  void bothLoadAndFitTogether() {
    BackupConfig a = node("ha-a.yaml");
    BackupConfig b = node("ha-b.yaml");
    assertThat(a.enabled() && b.enabled()).isTrue();
    assertThat(List.of(a.mode(), b.mode())).containsExactly(Mode.PRIMARY, Mode.BACKUP);
    assertThat(a.serverId()).isNotEqualTo(b.serverId());
    assertThat(a.pair()).isEqualTo(b.pair());
    assertThat(a.playerAddr()).isNotEqualTo(b.playerAddr());
    assertThat(a.sync().peerAddr()).isEqualTo(b.sync().listenAddr());
    assertThat(b.sync().peerAddr()).isEqualTo(a.sync().listenAddr());
    assertThat(a.witnesses()).isEqualTo(b.witnesses()).hasSize(7);
  }

  @Test
  void theyAreWhatTheDocumentPromises() {
    for (String file : List.of("ha-a.yaml", "ha-b.yaml")) {
      BackupConfig node = node(file);
      assertThat(node.replication()).isEqualTo(Replication.SYNC);
      assertThat(node.arbiterInForce()).isEqualTo(ArbiterKind.WITNESS);
      assertThat(node.link().usesTls()).isTrue();
      assertThat(node.link().privateNetwork()).isFalse();
    }
  }
}
