package dev.gatesvr.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundTripTest {
  @Test
  void isWhatPassedWithoutWhatTheClientHeld() {
    assertThat(RoundTrip.sampleMicros(50_000, 10_000, 30_000)).isEqualTo(10_000);
    assertThat(RoundTrip.sampleMicros(50_000, 50_000, 0)).as("at least one").isEqualTo(1);
    assertThat(RoundTrip.sampleMicros(RoundTrip.MAX_MICROS + 1, 1, 0))
        .isEqualTo(RoundTrip.MAX_MICROS);
  }

  @Test
  void ignoresNonsense() {
    assertThat(RoundTrip.sampleMicros(50_000, 0, 0)).as("no echo").isZero();
    assertThat(RoundTrip.sampleMicros(50_000, -1, 0)).as("above 2^63").isZero();
    assertThat(RoundTrip.sampleMicros(50_000, 60_000, 0)).as("the future").isZero();
    assertThat(RoundTrip.sampleMicros(50_000, 10_000, 40_001)).as("held longer").isZero();
    assertThat(RoundTrip.sampleMicros(50_000, 10_000, -1)).as("held above 2^63").isZero();
    assertThat(RoundTrip.sampleMicros(50_000, 10_000, Long.MAX_VALUE)).isZero();
    assertThat(RoundTrip.sampleMicros(RoundTrip.MAX_MICROS + 2, 1, 0)).as("over 60 s").isZero();
  }

  @Test
  void smoothsByAnEighth() {
    assertThat(RoundTrip.smoothed(0, 8_000)).isEqualTo(8_000);
    assertThat(RoundTrip.smoothed(8_000, 16_000)).isEqualTo(9_000);
    assertThat(RoundTrip.smoothed(8_000, 0)).as("nothing measured").isEqualTo(8_000);
    assertThat(RoundTrip.smoothed(1, 1)).isEqualTo(1);
    int micros = 50_000;
    for (int i = 0; i < 100; i++) {
      micros = RoundTrip.smoothed(micros, 1_000);
    }
    assertThat(micros).isBetween(1_000, 1_010);
  }

  @Test
  void intervalsSpreadByATenthAndStayTheSessionsOwn() {
    int[] counts = new int[34];
    for (long number = 1; number <= 70_000; number++) {
      int seconds = HeartbeatPace.seconds(30, number);
      assertThat(HeartbeatPace.seconds(30, number)).isEqualTo(seconds);
      counts[seconds]++;
    }
    for (int seconds = 27; seconds <= 33; seconds++) {
      assertThat(counts[seconds]).as("%s s", seconds).isBetween(9_500, 10_500);
    }
  }

  @Test
  void shortIntervalsAreLeftAlone() {
    for (long number = 1; number <= 100; number++) {
      assertThat(HeartbeatPace.seconds(1, number)).isEqualTo(1);
      assertThat(HeartbeatPace.seconds(9, number)).isEqualTo(9);
      assertThat(HeartbeatPace.seconds(10, number)).isBetween(9, 11);
      assertThat(HeartbeatPace.seconds(3_600, number)).isBetween(3_240, 3_960);
    }
  }
}
