package dev.gatesvr.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.config.BackupConfig.ArbiterKind;
import dev.gatesvr.gateway.config.BackupConfig.Mode;
import dev.gatesvr.gateway.config.BackupConfig.Replication;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupConfigTest {
  /** An enabled pair on a private network; the fields are what a test changes. */
  private static final class Draft {
    private String serverId = "a";
    private String pair = "gatesvr";
    private String playerAddr = "192.0.2.1:8453";
    private String peer = "10.0.0.2:7000";
    private String listen = ":7000";
    private String heartbeatPeer = "";
    private String heartbeatListen = "";
    private ArbiterKind arbiter = ArbiterKind.AUTO;
    private List<String> witnesses = List.of();
    private List<String> endpoints = List.of();
    private String etcdKey = "";
    private LinkConfig link = new LinkConfig("", "", "", true);
    private int batchBytes = 256 << 10;
    private Duration batchDelay = Duration.ZERO;

    private BackupConfig build() {
      return new BackupConfig(
          true,
          Mode.PRIMARY,
          serverId,
          false,
          new HeartbeatConfig(
              Duration.ofMillis(50), heartbeatPeer, heartbeatListen, Duration.ofMillis(300)),
          new SyncConfig(peer, listen, 50, Duration.ofMillis(200), 1_000),
          pair,
          playerAddr,
          Replication.SYNC,
          false,
          arbiter,
          witnesses,
          new EtcdConfig(endpoints, etcdKey),
          link,
          batchBytes,
          batchDelay);
    }
  }

  private static String mistake(Consumer<Draft> change) {
    try {
      Draft draft = new Draft();
      change.accept(draft);
      draft.build();
    } catch (ConfigException e) {
      assertThat(e.key()).startsWith("backup.");
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("accepted (expected: a mistake)");
  }

  private static List<String> addresses(int count) {
    return IntStream.range(0, count).mapToObj(i -> "10.0.1." + i + ":7300").toList();
  }

  @Test
  void aPairIsAccepted() {
    Draft draft = new Draft();
    assertThat(draft.build().enabled()).isTrue();
    assertThat(draft.build().arbiterInForce()).isEqualTo(ArbiterKind.NONE);
    draft.witnesses = addresses(3);
    assertThat(draft.build().arbiterInForce()).isEqualTo(ArbiterKind.WITNESS);
    draft.arbiter = ArbiterKind.NONE;
    assertThat(draft.build().arbiterInForce()).isEqualTo(ArbiterKind.NONE);
  }

  @Test
  void thePairsProfileIsTheDefault() {
    BackupConfig defaults = BackupConfig.defaults();
    assertThat(defaults.enabled()).isFalse();
    assertThat(defaults.replication()).isEqualTo(Replication.SYNC);
    assertThat(defaults.heartbeat().interval()).isEqualTo(Duration.ofMillis(50));
    assertThat(defaults.heartbeat().timeout()).isEqualTo(Duration.ofMillis(300));
    assertThat(defaults.pair()).isEqualTo("gatesvr");
  }

  @Test
  void bothAddressesOfTheLinkAreNeeded() {
    assertThat(mistake(d -> d.listen = ""))
        .startsWith("backup.sync.listen_addr: \"\" (expected: where this node listens");
    assertThat(mistake(d -> d.peer = ""))
        .startsWith("backup.sync.peer_addr: \"\" (expected: where the other node listens");
  }

  @ParameterizedTest
  @ValueSource(strings = {":7000", "0.0.0.0:7000", "[::]:7000", "10.0.0.2:0", "10.0.0.2"})
  void thePeerIsAnAddressThatCanBeDialled(String address) {
    assertThat(mistake(d -> d.peer = address))
        .startsWith("backup.sync.peer_addr: \"" + address + "\" (expected: host:port");
    assertThat(mistake(d -> d.heartbeatPeer = address)).startsWith("backup.heartbeat.peer_addr: ");
    assertThat(mistake(d -> d.playerAddr = address)).startsWith("backup.player_addr: ");
    assertThat(mistake(d -> d.witnesses = List.of("10.0.0.9:1", address)))
        .startsWith("backup.witnesses: \"" + address);
  }

  @Test
  void nobodyIsItsOwnPeer() {
    assertThat(mistake(d -> d.listen = d.peer))
        .contains("backup.sync.peer_addr: \"10.0.0.2:7000\" (expected: the other node's address");
    assertThat(mistake(d -> d.heartbeatListen = d.heartbeatPeer = "10.0.0.1:7001"))
        .startsWith("backup.heartbeat.peer_addr");
  }

  @Test
  void anOpenLinkMustBeDeclared() {
    assertThat(mistake(d -> d.link = LinkConfig.NONE))
        .startsWith("backup.link.private_network: false (expected: true, or backup.link.cert_file")
        .contains("session contents and the keys of resume tokens cross this link");
    Draft draft = new Draft();
    draft.link = new LinkConfig("c", "k", "ca", false);
    assertThat(draft.build().link().usesTls()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"'',k,ca,cert_file", "c,'',ca,key_file", "c,k,'',ca_file", "c,'','',key_file"})
  void certificatesOfTheLinkAreAllThreeOrNone(String cert, String key, String ca, String missing) {
    assertThatThrownBy(() -> new LinkConfig(cert, key, ca, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("backup.link." + missing + ": \"\" (expected: a file: ");
  }

  @Test
  void aLinkIsNotBothProtectedAndDeclaredOpen() {
    assertThatThrownBy(() -> new LinkConfig("c", "k", "ca", true))
        .hasMessageStartingWith("backup.link.private_network: true (expected: false, because");
  }

  @Test
  void witnessesAreOneToThirtyOneAndDistinct() {
    assertThat(mistake(d -> d.arbiter = ArbiterKind.WITNESS))
        .startsWith("backup.witnesses: [] (expected: 1 to 31, because backup.arbiter is witness");
    assertThat(mistake(d -> d.witnesses = addresses(32)))
        .isEqualTo("backup.witnesses: 32 of them (expected: 31 at most)");
    assertThat(mistake(d -> d.witnesses = List.of("x:1", "y:1", "x:1")))
        .startsWith("backup.witnesses: \"x:1\" twice (expected: each once");
    Draft even = new Draft();
    even.witnesses = addresses(6);
    assertThat(even.build().witnesses()).hasSize(6);
    even.witnesses = addresses(31);
    assertThat(even.build().witnesses()).hasSize(31);
  }

  @Test
  void etcdNeedsItsEndpointsAndIsNeverPickedSilently() {
    assertThat(mistake(d -> d.arbiter = ArbiterKind.ETCD))
        .startsWith("backup.etcd.endpoints: [] (expected: at least one");
    assertThat(mistake(d -> d.endpoints = List.of("http://10.0.0.5:2379")))
        .startsWith("backup.arbiter: auto (expected: etcd, because");
    Draft draft = new Draft();
    draft.arbiter = ArbiterKind.ETCD;
    draft.endpoints = List.of("http://10.0.0.5:2379", "https://e.example:2379");
    assertThat(draft.build().arbiterInForce()).isEqualTo(ArbiterKind.ETCD);
    assertThat(draft.build().etcdKeyInForce()).isEqualTo("/gatesvr/gatesvr/leadership");
    draft.etcdKey = "/mine";
    assertThat(draft.build().etcdKeyInForce()).isEqualTo("/mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.5:2379", "http://x", "ftp://x:1", "http://x:1/path", "http://", " "})
  void anEndpointIsAUrl(String url) {
    assertThat(mistake(d -> d.endpoints = List.of(url)))
        .startsWith("backup.etcd.endpoints: \"" + url + "\" (expected: http://host:port");
  }

  @Test
  void namesArePlain() {
    for (String bad : List.of("a#b", "a b", "x".repeat(65), "ä")) {
      assertThat(mistake(d -> d.serverId = bad)).startsWith("backup.server_id: ");
      assertThat(mistake(d -> d.pair = bad)).startsWith("backup.pair: ");
    }
  }

  @Test
  void batchesAreBounded() {
    assertThat(mistake(d -> d.batchBytes = 1_023))
        .startsWith("backup.batch_bytes: 1023 (expected: 1024 to 4194304");
    assertThat(mistake(d -> d.batchDelay = Duration.ofNanos(100_001_000)))
        .startsWith("backup.batch_delay: 100001us (expected: 0s to 100ms");
  }

  @Test
  void aHeartbeatTimesOutAfterMoreThanOneInterval() {
    Duration interval = Duration.ofMillis(50);
    assertThatThrownBy(() -> new HeartbeatConfig(interval, "", "", interval))
        .hasMessage(
            "backup.heartbeat.timeout: 50ms (expected: more than backup.heartbeat.interval, 50ms)");
  }

  @Test
  void playersAreToldAnAddressThatTheyCanDial() {
    Draft draft = new Draft();
    draft.playerAddr = "";
    assertThatThrownBy(() -> with(draft.build()))
        .hasMessageStartingWith("backup.player_addr: \"\" (expected: host:port where players")
        .hasMessageContaining(":8453");
    draft.playerAddr = "gw-a.example:8453";
    assertThat(with(draft.build()).backup().playerAddr()).isEqualTo("gw-a.example:8453");
  }

  private static GatewayConfig with(BackupConfig backup) {
    GatewayConfig all = GatewayConfig.defaults();
    return new GatewayConfig(
        all.server(),
        all.auth(),
        all.session(),
        all.offline(),
        all.overloadProtection(),
        backup,
        all.admin());
  }
}
