package dev.gatesvr.upstream.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:9001, 127.0.0.1, 9001",
    "game-1.zone.internal:1, game-1.zone.internal, 1",
    "[::1]:65535, ::1, 65535",
    ":9001, 10.0.0.7, 9001",
    "0.0.0.0:9001, 10.0.0.7, 9001",
    "[::]:9001, 10.0.0.7, 9001",
  })
  void readsHostAndPort(String text, String host, int port) {
    assertThat(InstanceAddress.parse(text, "10.0.0.7")).isEqualTo(new InstanceAddress(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "host",
        "host:",
        ":0",
        "host:0",
        "host:65536",
        "host:99999",
        "host:123456",
        "host:-1",
        "host:+1",
        "host:1 ",
        " host:1",
        "host:1x",
        "ho st:1",
        "host\n:1",
        "host:1\n",
        "h\u0000st:1",
        "::1:80",
        "[::1:80",
        "::1]:80",
        "[]:80",
        "[host]:80",
        "[:]:80",
        "[::g]:80",
        "a/b:80",
        "user@host:80",
        "http://host:80",
        "-host:80",
        "999.1.1.1:80",
        "h\u00f6st:80",
        "host:\u0661\u0662"
      })
  void refusesWhatNobodyCouldConnectTo(String text) {
    assertThatThrownBy(() -> InstanceAddress.parse(text, "10.0.0.7"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected")
        .message()
        .doesNotContain("\n")
        .doesNotContain("\u0000");
  }

  @Test
  void refusesALongHost() {
    assertThatThrownBy(() -> InstanceAddress.parse("a".repeat(254) + ":1", null))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .hasSizeLessThan(250);
  }

  @Test
  void needsAPeerForAnAddressWithoutAHost() {
    assertThatThrownBy(() -> InstanceAddress.parse(":9001", null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void printsSixthVersionInBrackets() {
    assertThat(new InstanceAddress("::1", 9001)).hasToString("[::1]:9001");
    assertThat(new InstanceAddress("10.0.0.7", 9001)).hasToString("10.0.0.7:9001");
  }
}
