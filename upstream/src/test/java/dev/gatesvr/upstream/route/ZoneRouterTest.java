package dev.gatesvr.upstream.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneRouterTest {
  @ParameterizedTest
  @CsvSource({
    "10000,003",
    "10001,004",
    "15000,005",
    "30000,004",
    "45000,001",
    "99999,003",
    "user123,002",
    "player-1,003"
  })
  void matchesTheVectorsOfTheWire(String openid, String zone) {
    assertThat(ZoneRouter.zoneOf(openid)).hasToString(zone);
  }

  @Test
  void anEmptyOpenidIsAnErrorAndNotAZone() {
    assertThatThrownBy(() -> ZoneRouter.zoneOf(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not empty");
  }

  @Test
  void spreadsPlayersEvenly() {
    int[] players = new int[ZoneId.COUNT];
    for (int n = 0; n < 60_000; n++) {
      players[ZoneRouter.zoneOf("player-" + n).number() - 1]++;
    }
    assertThat(IntStream.of(players).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(9_600, 10_400));
  }

  @Test
  void givesTheSameZonesFromManyThreads() throws Exception {
    List<ZoneId> expected = zonesOfManyPlayers();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<List<ZoneId>>> tasks = new ArrayList<>();
      for (int n = 0; n < 8; n++) {
        tasks.add(ZoneRouterTest::zonesOfManyPlayers);
      }
      for (Future<List<ZoneId>> zones : threads.invokeAll(tasks)) {
        assertThat(zones.get()).isEqualTo(expected);
      }
    }
  }

  private static List<ZoneId> zonesOfManyPlayers() {
    List<ZoneId> zones = new ArrayList<>();
    for (int n = 0; n < 5_000; n++) {
      zones.add(ZoneRouter.zoneOf("p" + n));
    }
    return zones;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "000", "007", "01", "0001", " 001", "00\n1", "zone-001"})
  void refusesWhatIsNoZoneAndNamesIt(String text) {
    assertThatThrownBy(() -> ZoneId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: \"001\" to \"006\"")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void readsWhatItPrints() {
    assertThat(ZoneId.values())
        .hasSize(ZoneId.COUNT)
        .allSatisfy(zone -> assertThat(ZoneId.parse(zone.toString())).isEqualTo(zone))
        .allSatisfy(zone -> assertThat(ZoneId.ofNumber(zone.number())).isEqualTo(zone));
    assertThatThrownBy(() -> ZoneId.ofNumber(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ZoneId.ofNumber(7)).isInstanceOf(IllegalArgumentException.class);
  }
}
