package dev.gatesvr.bench.ha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void percentilesAreFiguresThatWereMeasured() {
    List<Double> figures =
        IntStream.rangeClosed(1, 200).mapToObj(i -> (double) ((i * 37) % 200 + 1)).toList();
    assertThat(Spread.of(figures)).isEqualTo(new Spread(200, 100, 198, 200));
  }

  @Test
  void ofOneFigureAllAreThatOne() {
    assertThat(Spread.of(List.of(7.25))).isEqualTo(new Spread(1, 7.25, 7.25, 7.25));
    assertThat(Spread.of(List.of(7.25)).cells()).containsExactly("7.3", "7.3", "7.3");
  }

  @Test
  void ofNothingThereIsNothingToSay() {
    assertThat(Spread.of(List.of()).cells()).containsExactly("", "", "");
  }
}
