package dev.gatesvr.gateway.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  private static final String SECRET = Base64.getEncoder().encodeToString(bytes(32));

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) 0xfb);
    return bytes;
  }

  private static KeyRing parse(String... lines) {
    return KeyRing.parse(List.of(lines), 32, 32);
  }

  @Test
  void theFirstIsTheNewestAndEachIsFoundByName() {
    KeyRing ring = parse("new:" + SECRET, "old:" + SECRET);
    assertThat(ring.newest().id()).isEqualTo("new");
    assertThat(ring.find("old")).isNotNull();
    assertThat(ring.find("other")).isNull();
    assertThat(ring.newest().bytes()).isEqualTo(bytes(32));
  }

  @Test
  void readsBothAlphabetsWithAndWithoutPadding() {
    assertThat(SECRET).contains("+", "=");
    String url = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32));
    assertThat(parse("a:" + SECRET, "b:" + url, " c : " + SECRET + " ").keys())
        .allSatisfy(key -> assertThat(key.bytes()).isEqualTo(bytes(32)));
  }

  @Test
  void aKeyFileHasCommentsAndEmptyLines() {
    KeyRing ring =
        KeyRing.parseFile("# newest\n\nb:" + SECRET + "\r\n  a:" + SECRET + "  \n", 32, 32);
    assertThat(ring).hasToString("KeyRing[b, a]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4pyTc2VjcmV0",
        ":4pyTc2VjcmV04pyTc2VjcmV0",
        "a b:4pyTc2VjcmV0",
        "id:4pyTc2Vj!cmV0",
        "id:4pyTc2VjcmV0",
        "id:",
        "id-that-is-longer-than-thirty-two-chars:4pyTc2VjcmV0"
      })
  void aMistakeIsNamedByItsNumberAndNeverQuoted(String line) {
    assertThatThrownBy(() -> parse("good:" + SECRET, line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("key 2: ")
        .message()
        .doesNotContain("4pyT")
        .doesNotContain("!");
  }

  @Test
  void refusesNoKeysTooManyAndOneNameTwice() {
    assertThatThrownBy(() -> parse()).hasMessageContaining("1 to 64 keys, here are 0");
    String[] many =
        IntStream.range(0, 65).mapToObj(i -> "k" + i + ":" + SECRET).toArray(String[]::new);
    assertThatThrownBy(() -> parse(many)).hasMessageContaining("here are 65");
    assertThatThrownBy(() -> parse("a:" + SECRET, "a:" + SECRET)).hasMessageContaining("twice");
  }

  @Test
  void nothingPrintsTheSecret() {
    KeyRing ring = parse("a:" + SECRET);
    assertThat(ring.toString() + ring.newest() + Collections.singleton(ring.newest()))
        .doesNotContain(SECRET.substring(0, 8));
    assertThat(ring.newest().line()).isEqualTo("a:" + SECRET);
  }

  @Test
  void aKeyIsACopyOfItsBytes() {
    byte[] secret = bytes(32);
    NamedKey key = new NamedKey("a", secret);
    secret[0] = 0;
    key.bytes()[1] = 0;
    assertThat(key.bytes()).isEqualTo(bytes(32));
  }
}
