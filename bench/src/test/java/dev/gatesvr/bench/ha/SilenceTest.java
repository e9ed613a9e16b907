package dev.gatesvr.bench.ha;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceTest {
  private final Silence silence = new Silence();

  @Test
  void isTheLongestOfAll() {
    silence.watch(100);
    silence.heard(110);
    silence.heard(160);
    silence.heard(170);
    assertThat(silence.endNanos(171)).isEqualTo(50);
  }

  @Test
  void countsTheOneThatStillLasts() {
    silence.watch(100);
    silence.heard(110);
    assertThat(silence.endNanos(200)).isEqualTo(90);
  }

  @Test
  void forgetsWhatWasBeforeTheWatch() {
    silence.heard(1);
    silence.watch(100);
    silence.heard(105);
    assertThat(silence.endNanos(106)).isEqualTo(5);
    assertThat(silence.newestNanos()).isEqualTo(105);
  }
}
