package dev.gatesvr.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
  @Test
  void agreesWithHdrHistogramOnEveryPercentile() {
    Random random = new Random(42);
    LatencyRecorder recorder = new LatencyRecorder();
    Histogram direct = LatencyRecorder.newHistogram();
    for (int i = 0; i < 100_000; i++) {
      long nanos = 64 + (long) Math.exp(random.nextDouble() * Math.log(50e9));
      recorder.record(nanos);
      direct.recordValue(nanos);
    }
    Histogram copy = LatencyRecorder.newHistogram();
    recorder.addTo(copy);
    assertThat(copy.getTotalCount()).isEqualTo(100_000);
    for (double percentile : new double[] {0, 1, 50, 90, 95, 99, 99.9, 99.99, 100}) {
      assertThat(copy.getValueAtPercentile(percentile))
          .as("p%s", percentile)
          .isEqualTo(direct.getValueAtPercentile(percentile));
    }
  }

  @Test
  void everySlotBeginsWhereItSays() {
    int last = LatencyRecorder.indexOf(LatencyRecorder.MAX_NANOS);
    for (int slot = 0; slot <= last; slot++) {
      long lowest = LatencyRecorder.lowestOf(slot);
      assertThat(LatencyRecorder.indexOf(lowest)).isEqualTo(slot);
      if (slot > 0) {
        assertThat(LatencyRecorder.indexOf(lowest - 1)).isEqualTo(slot - 1);
      }
    }
  }

  @Test
  void clampsWhatIsOutOfRange() {
    LatencyRecorder recorder = new LatencyRecorder();
    recorder.record(Long.MIN_VALUE);
    recorder.record(0);
    recorder.record(Long.MAX_VALUE);
    Histogram copy = LatencyRecorder.newHistogram();
    recorder.addTo(copy);
    assertThat(copy.getTotalCount()).isEqualTo(3);
    assertThat(recorder.sumNanos()).isEqualTo(60_000_000_000L + 2 * 64);
  }
}
