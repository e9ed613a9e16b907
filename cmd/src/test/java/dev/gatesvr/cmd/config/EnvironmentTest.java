package dev.gatesvr.cmd.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.config.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
  private final ConfigSchema schema = ConfigSchema.gateway();

  @Test
  void aRuleReachesEveryKey() {
    for (var key : schema.keys().entrySet()) {
      String name = "GATESVR_" + key.getKey().replace('.', '_').toUpperCase(java.util.Locale.ROOT);
      assertThat(read(Map.of(name, "x")))
          .containsExactly(new Setting(key.getKey(), "x", "environment " + name));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GATESVR_QUIC_ADDR,server.quic_addr",
    "GATESVR_HTTP_ADDR,server.http_addr",
    "GATESVR_GRPC_ADDR,server.grpc_addr",
    "GATESVR_METRICS_ADDR,server.metrics_addr",
    "GATESVR_CERT_FILE,server.cert_file",
    "GATESVR_KEY_FILE,server.key_file",
    "GATESVR_SERVER_QUIC_ADDR,server.quic_addr",
    "GATESVR_OVERLOAD_PROTECTION_MAX_QPS,overload_protection.max_qps",
    "GATESVR_BACKUP_HEARTBEAT_INTERVAL,backup.heartbeat.interval",
    "GATESVR_ADMIN_PPROF_REMOTE,admin.pprof_remote",
  })
  void namesAreThoseOfThePredecessorAndOfTheRule(String name, String path) {
    assertThat(read(Map.of(name, "x"))).extracting(Setting::path).containsExactly(path);
  }

  @Test
  void anUnknownVariableIsAMistakeWithTheNearestName() {
    assertThatThrownBy(() -> read(Map.of("GATESVR_QUICK_ADDR", ":1")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "environment GATESVR_QUICK_ADDR: \":1\" (expected: a variable that sets a key;"
                + " the nearest is GATESVR_QUIC_ADDR)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GATESVR_JAVA_OPTS",
        "GATESVR_SERVICE_HOST",
        "GATESVR_SERVICE_PORT_QUIC",
        "GATESVR_PORT",
        "GATESVR_PORT_8453_UDP_ADDR",
        "GATESVR_PRIMARY_SERVICE_HOST",
        "OTHER_QUIC_ADDR"
      })
  void variablesOfTheLauncherAndOfKubernetesAreNotOurs(String name) {
    assertThat(read(Map.of(name, "x"))).isEmpty();
  }

  @Test
  void theTwoNamesOfOneKeyMustAgree() {
    assertThat(read(Map.of("GATESVR_QUIC_ADDR", ":1", "GATESVR_SERVER_QUIC_ADDR", ":1")))
        .hasSize(1);
    assertThatThrownBy(
            () -> read(Map.of("GATESVR_QUIC_ADDR", ":1", "GATESVR_SERVER_QUIC_ADDR", ":2")))
        .hasMessageContaining("server.quic_addr: \":2\" (expected: the same as environment");
  }

  private List<Setting> read(Map<String, String> variables) {
    return Environment.read(variables, schema);
  }
}
