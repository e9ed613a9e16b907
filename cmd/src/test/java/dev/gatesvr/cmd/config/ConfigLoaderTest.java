package dev.gatesvr.cmd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.config.BackupConfig.ArbiterKind;
import dev.gatesvr.gateway.config.BackupConfig.Replication;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.GatewayConfig;
import dev.gatesvr.gateway.config.ServerConfig.AddressValidation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir private Path dir;

  @Test
  void runsOnDefaultsWhenNothingIsSet() {
    assertThat(ConfigLoader.load(null, Map.of("PATH", "/bin"), List.of()).config())
        .isEqualTo(GatewayConfig.defaults());
  }

  @Test
  void readsEveryKindOfValueFromAFile() {
    GatewayConfig config =
        load(
            """
            server:
              quic_addr: :1
              http_addr: "127.0.0.1:2"
              session_timeout: 1m30s
              max_retries: 7
              address_validation: Under_Load
            session:
              replay_bytes_max: 8_388_608
            overload_protection:
              enabled: false
              upstream_timeout: 200ms
            backup:
              mode: backup
              heartbeat: {interval: 50ms, timeout: 300ms, peer_addr: "10.0.0.2:7000"}
            admin:
            """);
    assertThat(config.server().quicAddr()).isEqualTo(":1");
    assertThat(config.server().httpAddr()).isEqualTo("127.0.0.1:2");
    assertThat(config.server().sessionTimeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.server().maxRetries()).isEqualTo(7);
    assertThat(config.server().addressValidation()).isEqualTo(AddressValidation.UNDER_LOAD);
    assertThat(config.server().grpcAddr()).isEqualTo(GatewayConfig.defaults().server().grpcAddr());
    assertThat(config.session().replayBytesMax()).isEqualTo(8 << 20);
    assertThat(config.overloadProtection().enabled()).isFalse();
    assertThat(config.overloadProtection().upstreamTimeout()).isEqualTo(Duration.ofMillis(200));
    assertThat(config.backup().heartbeat().interval()).isEqualTo(Duration.ofMillis(50));
    assertThat(config.backup().heartbeat().peerAddr()).isEqualTo("10.0.0.2:7000");
    assertThat(config.backup().mode()).hasToString("BACKUP");
  }

  @Test
  void anEmptyFileChangesNothing() {
    assertThat(load("")).isEqualTo(GatewayConfig.defaults());
    assertThat(load("# nothing\n---\n")).isEqualTo(GatewayConfig.defaults());
  }

  @Test
  void laterSourcesWin() {
    Path file = file("server: {quic_addr: ':1', http_addr: ':2', grpc_addr: ':3'}\n");
    Map<String, String> environment =
        Map.of("GATESVR_HTTP_ADDR", ":20", "GATESVR_GRPC_ADDR", ":30");
    List<Setting> flags = List.of(new Setting("server.grpc_addr", ":300", "flag -grpc"));
    var server = ConfigLoader.load(file, environment, flags).config().server();
    assertThat(server.quicAddr()).isEqualTo(":1");
    assertThat(server.httpAddr()).isEqualTo(":20");
    assertThat(server.grpcAddr()).isEqualTo(":300");
    assertThat(server.metricsAddr()).isEqualTo(":9090");
  }

  @Test
  void namesTheNearestKeyForAnUnknownOne() {
    assertThat(mistakeIn("server:\n  max_retry: 5\n"))
        .endsWith(
            "config.yaml:2: server.max_retry: \"5\""
                + " (expected: a known key; the nearest is server.max_retries)");
    assertThat(mistakeIn("overload: {}\n"))
        .contains("overload (expected: a known key; the nearest is ");
    assertThat(mistakeIn("overload_protecton: {max_qps: 5}\n"))
        .contains("the nearest is overload_protection)");
  }

  @Test
  void aKeyInTheWrongSectionIsPointedToItsOwn() {
    assertThat(mistakeIn("server:\n  max_qps: 5\n"))
        .contains("server.max_qps")
        .endsWith("the nearest is overload_protection.max_qps)");
    assertThat(mistakeIn("quic_addr: :5\n")).endsWith("the nearest is server.quic_addr)");
  }

  @Test
  void namesLineKeyValueAndExpectationOfAWrongType() {
    assertThat(mistakeIn("server:\n\n  max_retries: three\n"))
        .endsWith("config.yaml:3: server.max_retries: \"three\" (expected: a whole number)");
    assertThat(mistakeIn("server: {session_timeout: 300}"))
        .endsWith(
            "config.yaml:1: server.session_timeout: \"300\""
                + " (expected: a duration such as 200ms, 30s, 5m or 1h30m)");
    assertThat(mistakeIn("overload_protection: {enabled: maybe}"))
        .contains("(expected: true or false)");
    assertThat(mistakeIn("server: {address_validation: sometimes}"))
        .contains("(expected: never, under_load or always)");
    assertThat(mistakeIn("server: {max_retries: 99999999999}"))
        .contains("(expected: a whole number up to 2147483647)");
    assertThat(mistakeIn("server: {max_retries: 010}")).contains("(expected: a whole number)");
  }

  @Test
  void refusesShapesThatAreNotThere() {
    assertThat(mistakeIn("- server\n")).contains(":1: the file is a list (expected: sections");
    assertThat(mistakeIn("hello\n")).contains(":1: the file is \"hello\" (expected: sections");
    assertThat(mistakeIn("server: 5\n")).contains(":1: server: \"5\" (expected: a section with");
    assertThat(mistakeIn("server:\n  quic_addr: {a: 1}\n"))
        .contains(":2: server.quic_addr: a section (expected: a value such as :8453)");
    assertThat(mistakeIn("server:\n  quic_addr: [a]\n")).contains("server.quic_addr: a list (");
    assertThat(mistakeIn("server:\n  quic_addr:\n")).contains("server.quic_addr: nothing (");
    assertThat(mistakeIn("server: {}\n---\nserver: {}\n")).contains("a second document");
  }

  @Test
  void refusesAKeyThatIsThereTwiceAndNamesBothLines() {
    assertThat(mistakeIn("server:\n  max_retries: 1\n  max_retries: 2\n"))
        .contains(":3: \"server.max_retries\" again")
        .contains("already on line 2");
    assertThat(mistakeIn("server: {}\nserver: {}\n")).contains(":2: \"server\" again");
  }

  @Test
  void refusesAnAliasInsteadOfExpandingIt() {
    assertThat(mistakeIn("server: &a\n  quic_addr: :1\nsession: *a\n"))
        .contains("an anchor or alias");
    assertThat(mistakeIn("backup:\n  server_id: *nothing\n"))
        .contains("config.yaml:2: backup.server_id: an anchor or alias");
  }

  @Test
  void namesTheLineOfASyntaxError() {
    assertThat(mistakeIn("server:\n  quic_addr: \":1\n")).contains("not YAML: ");
    assertThat(mistakeIn("server:\n  quic_addr: :1\n bad indent\n"))
        .containsPattern("config.yaml:[34]: not YAML: ");
    assertThat(mistakeIn("server:\n\tquic_addr: 1\n")).contains("config.yaml:2: not YAML: ");
    assertThat(mistakeIn("server: {quic_addr: \"\u0001\"}\n")).contains("not YAML: ");
  }

  @Test
  void surviveTextNestedTooDeep() {
    assertThat(mistakeIn("server: " + "[".repeat(20_000))).contains("config.yaml:1");
    assertThat(mistakeIn("server: " + "{a: ".repeat(20_000))).contains("config.yaml:1");
  }

  @Test
  void namesTheOriginOfAValueThatItsRecordRefuses() {
    assertThat(mistakeIn("server:\n  max_retries: -3\n"))
        .endsWith("config.yaml:2: server.max_retries: -3 (expected: 1 to 100)");
    assertThatThrownBy(
            () -> ConfigLoader.load(null, Map.of("GATESVR_HTTP_ADDR", "8080"), List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(
            "environment GATESVR_HTTP_ADDR: server.http_addr: \"8080\" (expected");
    List<Setting> flag = List.of(new Setting("server.max_retries", "many", "flag -max-retries"));
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), flag))
        .hasMessage("flag -max-retries: server.max_retries: \"many\" (expected: a whole number)");
  }

  @Test
  void saysWhenAValueOnlyClashesWithADefault() {
    assertThat(mistakeIn("overload_protection:\n  max_connections: 100\n"))
        .contains("overload_protection.connection_warning_threshold: 800 (expected: 1 to 100)")
        .endsWith("; that is the default, set it as well");
  }

  @Test
  void refusesFilesThatCannotBeAConfiguration() throws IOException {
    assertThat(mistakeOf(dir.resolve("none.yaml"))).contains("none.yaml: no such file (expected:");
    assertThat(mistakeOf(dir)).contains(": a directory (expected:");
    Path large = Files.write(dir.resolve("large.yaml"), new byte[(1 << 20) + 1]);
    assertThat(mistakeOf(large)).contains("larger than 1 MiB");
    Path binary = Files.write(dir.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThat(mistakeOf(binary)).contains("not UTF-8 text");
  }

  @Test
  void readsAPairFromFileAndEnvironment() {
    String file =
        """
        backup:
          enabled: true
          player_addr: gw-a.example:8453
          replication: Semi
          witnesses:
            - 10.0.0.3:7300
            - "[2001:db8::4]:7300"
          sync: {listen_addr: ":7000", peer_addr: "10.0.0.2:7000"}
          link: {private_network: true}
          batch_delay: 200us
        """;
    var backup = load(file).backup();
    assertThat(backup.enabled()).isTrue();
    assertThat(backup.replication()).isEqualTo(Replication.SEMI);
    assertThat(backup.witnesses()).containsExactly("10.0.0.3:7300", "[2001:db8::4]:7300");
    assertThat(backup.arbiterInForce()).isEqualTo(ArbiterKind.WITNESS);
    assertThat(backup.batchDelay()).isEqualTo(Duration.ofNanos(200_000));
    Map<String, String> environment =
        Map.of("GATESVR_BACKUP_WITNESSES", "a:1, b:2,c:3", "GATESVR_BACKUP_LINK_CA_FILE", "");
    assertThat(ConfigLoader.load(file(file), environment, List.of()).config().backup().witnesses())
        .containsExactly("a:1", "b:2", "c:3");
  }

  @Test
  void aMistakeInAPairHasItsLine() {
    assertThat(mistakeIn("backup:\n  witnesses: [a:1, a:1]\n"))
        .endsWith(
            "config.yaml:2: backup.witnesses: \"a:1\" twice"
                + " (expected: each once: one machine has one vote)");
    assertThat(mistakeIn("backup:\n  enabled: true\n"))
        .contains("backup.sync.listen_addr: \"\" (expected: where this node listens");
    assertThat(mistakeIn("backup:\n  arbiter: zookeeper\n"))
        .contains("(expected: auto, witness, etcd or none)");
  }

  @Test
  void aMistakeIsAlwaysOneShortLine() {
    assertThat(mistakeIn("server: {max_retries: \"a\\nb" + "x".repeat(5_000) + "\"}"))
        .contains("more characters")
        .hasSizeLessThan(500);
    assertThat(mistakeIn("server: {\"a\\nb\": 1}")).contains("server.a b");
  }

  private static final String KEY = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  @Test
  void readsAListOfSecretsFromFileOrEnvironment() {
    String other = KEY.replace("k1", "k2");
    assertThat(
            load("auth:\n  resume_token_keys:\n    - " + KEY + "\n    - " + other + "\n")
                .auth()
                .resumeTokenKeys()
                .reveal())
        .containsExactly(KEY, other);
    assertThat(load("auth: {resume_token_keys: " + KEY + "}").auth().resumeTokenKeys().reveal())
        .containsExactly(KEY);
    assertThat(load("auth: {resume_token_keys: []}").auth().resumeTokenKeys().isEmpty()).isTrue();
    var loaded =
        ConfigLoader.load(
            null,
            Map.of("GATESVR_AUTH_SEALED_KEYS", KEY + " , " + other, "GATESVR_AUTH_MODE", "sealed"),
            List.of());
    assertThat(loaded.config().auth().sealed().keys().reveal()).containsExactly(KEY, other);
    assertThat(loaded.toString()).doesNotContain("MDEy");
  }

  @Test
  void aMistakeNeverShowsASecret() {
    String bad = "k2:c2VjcmV0";
    assertThat(
            List.of(
                mistakeIn("auth: {resume_token_keys: [" + KEY + ", " + bad + "]}"),
                mistakeIn("auth: {resume_token_keys: [[" + bad + "]]}"),
                mistakeIn("auth: {resume_token_keys: [\"" + bad + ",\"]}"),
                mistakeIn("auth: {resume_token_keys: [{a: " + bad + "}]}"),
                mistakeIn("auth: {resume_token_key: " + bad + "}"),
                mistakeIn("auth: {jwt: {keys: [&x " + bad + "]}}"),
                mistakeOf(Map.of("GATESVR_AUTH_SEALED_KEY", bad)),
                mistakeOf(Map.of("GATESVR_AUTH_SEALED_KEYS", bad))))
        .allSatisfy(line -> assertThat(line).contains("(expected: ").doesNotContain("c2Vj"));
    assertThat(mistakeIn("auth:\n  mode: sealed\n  sealed:\n    keys: [" + bad + "]\n"))
        .endsWith(
            "config.yaml:4: auth.sealed.keys: 1 hidden"
                + " (expected: key 1: base64 of 32 bytes, here it is of 6)");
  }

  @Test
  void aListIsOnlyWhereOneIsTaken() {
    assertThat(mistakeIn("auth: {resume_token_key_file: [a, b]}")).contains(": a list (expected");
    assertThat(mistakeIn("auth: {resume_token_keys: [null]}")).contains("in the list (expected");
    assertThat(mistakeIn("auth: {resume_token_keys: [a")).contains("not YAML");
  }

  @Test
  void aResumeTokenLivesAsLongAsASession() {
    assertThat(mistakeIn("server: {session_timeout: 12h}\nauth:\n  resume_token_ttl: 11h\n"))
        .endsWith(
            "config.yaml:3: auth.resume_token_ttl: 11h"
                + " (expected: at least server.session_timeout, 12h)");
  }

  private static String mistakeOf(Map<String, String> environment) {
    try {
      ConfigLoader.load(null, environment, List.of());
    } catch (ConfigException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("loaded without a mistake: " + environment.keySet());
  }

  private GatewayConfig load(String yaml) {
    return ConfigLoader.load(file(yaml), Map.of(), List.of()).config();
  }

  private String mistakeIn(String yaml) {
    return mistakeOf(file(yaml));
  }

  private static String mistakeOf(Path file) {
    try {
      ConfigLoader.load(file, Map.of(), List.of());
    } catch (ConfigException e) {
      String line = String.valueOf(e.getMessage());
      assertThat(line).doesNotContain("\n").doesNotContain("null");
      return line;
    }
    throw new AssertionError("loaded without a mistake: " + file);
  }

  private Path file(String yaml) {
    try {
      return Files.writeString(dir.resolve("config.yaml"), yaml);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
