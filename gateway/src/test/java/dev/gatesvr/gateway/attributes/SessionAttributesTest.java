package dev.gatesvr.gateway.attributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionAttributesTest {
  private static final AttributeVerdict SET = AttributeVerdict.SET;

  private final SessionAttributes attributes = new SessionAttributes();

  @Test
  void costsNothingWhileEmpty() {
    assertThat(attributes.empty()).isTrue();
    attributes.set("room", "7", 0, 0);
    assertThat(attributes.empty()).isFalse();
    assertThat(attributes.remove("room")).isTrue();
    assertThat(attributes.remove("room")).isFalse();
    assertThat(attributes.empty()).isTrue();
    assertThat(attributes.bytes()).isZero();
  }

  @Test
  void keepsTheNewestValueInTheOrderOfTheNames() {
    attributes.set("room", "7", 0, 0);
    attributes.set("team", "red", 0, 0);
    assertThat(attributes.set("room", "8", 0, 0)).isEqualTo(SET);
    assertThat(attributes.live(1))
        .containsExactly(Map.entry("room", "8"), Map.entry("team", "red"));
    assertThat(attributes.bytes()).isEqualTo("room8teamred".length());
  }

  @Test
  void copyDoesNotChange() {
    attributes.set("room", "7", 0, 0);
    Map<String, String> copy = attributes.live(0);
    attributes.set("room", "8", 0, 0);
    assertThat(copy).containsExactly(Map.entry("room", "7"));
    assertThatThrownBy(() -> copy.put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void expiresWhenSomebodyLooks() {
    long start = Long.MAX_VALUE - 2;
    attributes.set("short", "1", 10, start);
    attributes.set("long", "2", 0, start);
    assertThat(attributes.live(start + 9)).containsOnlyKeys("short", "long");
    assertThat(attributes.live(start + 10)).containsOnlyKeys("long");
    attributes.remove("long");
    attributes.set("short", "1", 10, start);
    assertThat(attributes.live(start + 10)).isEmpty();
    assertThat(attributes.empty()).isTrue();
    assertThat(attributes.bytes()).isZero();
  }

  @Test
  void setAgainCountsFromThenOn() {
    attributes.set("a", "1", 10, 0);
    attributes.set("a", "1", 10, 5);
    assertThat(attributes.live(14)).containsOnlyKeys("a");
    attributes.set("a", "1", 0, 14);
    assertThat(attributes.live(1_000)).containsOnlyKeys("a");
  }

  @Test
  void boundsNamesAndValues() {
    assertThat(attributes.set("", "v", 0, 0)).isEqualTo(AttributeVerdict.INVALID_NAME);
    assertThat(attributes.set("ä".repeat(32), "v", 0, 0)).isEqualTo(SET);
    assertThat(attributes.set("ä".repeat(33), "v", 0, 0)).isEqualTo(AttributeVerdict.INVALID_NAME);
    assertThat(attributes.set("a\nb", "v", 0, 0)).isEqualTo(AttributeVerdict.INVALID_NAME);
    assertThat(attributes.set("a", "v".repeat(256), 0, 0)).isEqualTo(SET);
    assertThat(attributes.set("a", "v".repeat(257), 0, 0))
        .isEqualTo(AttributeVerdict.VALUE_TOO_LONG);
    assertThat(attributes.live(0)).containsEntry("a", "v".repeat(256)).hasSize(2);
  }

  @Test
  void boundsTheirNumber() {
    for (int i = 0; i < SessionAttributes.ENTRIES_MAX; i++) {
      assertThat(attributes.set("n" + i, "v", i == 0 ? 10 : 0, 0)).isEqualTo(SET);
    }
    assertThat(attributes.set("one more", "v", 0, 9)).isEqualTo(AttributeVerdict.FULL);
    assertThat(attributes.set("n1", "other", 0, 9)).isEqualTo(SET);
    assertThat(attributes.set("one more", "v", 0, 10)).as("n0 has expired").isEqualTo(SET);
  }

  @Test
  void boundsTheirBytesInAll() {
    int fit = SessionAttributes.BYTES_MAX / 258;
    for (int i = 0; i < fit; i++) {
      assertThat(attributes.set("n" + (char) ('a' + i), "v".repeat(256), 0, 0)).isEqualTo(SET);
    }
    assertThat(attributes.set("z", "v".repeat(256), 0, 0)).isEqualTo(AttributeVerdict.FULL);
    assertThat(attributes.set("na", "short", 0, 0)).isEqualTo(SET);
    assertThat(attributes.set("z", "v".repeat(200), 0, 0)).isEqualTo(SET);
    assertThat(attributes.bytes()).isLessThanOrEqualTo(SessionAttributes.BYTES_MAX);
  }
}
