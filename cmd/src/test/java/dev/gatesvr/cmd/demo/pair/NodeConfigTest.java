package dev.gatesvr.cmd.demo.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.cmd.config.ConfigLoader;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigTest {
  private static final List<String> WITNESSES = List.of("127.0.0.1:9001", "127.0.0.1:9002");

  @TempDir private Path folder;

  private GatewayConfig load(String node, NodePorts own, NodePorts peer) throws IOException {
    NodeConfig config = new NodeConfig(node, own, peer.link(), WITNESSES, folder);
    Path file = Files.writeString(folder.resolve(node + ".yaml"), config.yaml());
    return ConfigLoader.load(file, Map.of(), List.of()).config();
  }

  @Test
  void theTwoFilesDescribeAPair() throws IOException {
    NodePorts portsA = NodePorts.free();
    NodePorts portsB = NodePorts.free();
    GatewayConfig a = load("a", portsA, portsB);
    GatewayConfig b = load("b", portsB, portsA);

    assertThat(a.backup().enabled()).isTrue();
    assertThat(a.backup().mode()).isEqualTo(BackupConfig.Mode.PRIMARY);
    assertThat(b.backup().mode()).isEqualTo(BackupConfig.Mode.BACKUP);
    assertThat(a.backup().serverId()).isEqualTo("a");
    assertThat(b.backup().serverId()).isEqualTo("b");
    assertThat(a.backup().replication()).isEqualTo(BackupConfig.Replication.SYNC);
    assertThat(a.backup().arbiterInForce()).isEqualTo(BackupConfig.ArbiterKind.WITNESS);
    assertThat(a.backup().witnesses()).isEqualTo(WITNESSES).isEqualTo(b.backup().witnesses());
    assertThat(a.backup().sync().listenAddr()).isEqualTo(b.backup().sync().peerAddr());
    assertThat(b.backup().sync().listenAddr()).isEqualTo(a.backup().sync().peerAddr());
    assertThat(a.backup().link().usesTls()).isTrue();
    assertThat(a.backup().link().caFile()).isEqualTo(folder.resolve("ca.crt").toString());
    assertThat(a.server().quicAddr()).isEqualTo(portsA.quic());
    assertThat(a.server().grpcAddr()).isEqualTo(portsA.grpc());
  }

  @Test
  void drawsPortsThatAreAllDifferent() throws IOException {
    NodePorts ports = NodePorts.free();
    assertThat(ports.grpc()).startsWith("127.0.0.1:").isNotEqualTo(ports.link());
    assertThat(ports.quic()).startsWith("127.0.0.1:").doesNotEndWith(":0");
  }
}
