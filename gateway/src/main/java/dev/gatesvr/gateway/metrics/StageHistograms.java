package dev.gatesvr.gateway.metrics;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * The service times and round trips as Prometheus histograms in seconds. A bucket's bound falls
 * inside a slot of the recorder; the slot counts below the bound when its smallest value is, so
 * that a bucket is off by at most one slot, 1 % of the bound.
 */
final class StageHistograms extends Collector {
  private static final double NANOS = 1e9;
  private static final double[] BOUNDS_SECONDS = {
    1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2,
    5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  private static final List<Stage> PARTS =
      List.of(Stage.PARSE, Stage.UPSTREAM, Stage.ENCODE, Stage.SEND);

  private final Function<Stage, Timing> timings;
  private final Supplier<Timing> rtt;

  /**
   * What was measured of one stage.
   *
   * @param sumNanos the exact sum
   */
  record Timing(Histogram histogram, long sumNanos) {}

  StageHistograms(Function<Stage, Timing> timings, Supplier<Timing> rtt) {
    this.timings = timings;
    this.rtt = rtt;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Timing total = timings.apply(Stage.TOTAL);
    List<MetricFamilySamples.Sample> stages = new ArrayList<>();
    for (Stage stage : PARTS) {
      String value = stage.name().toLowerCase(Locale.ROOT);
      stages.addAll(
          samples(
              "gatesvr_stage_duration_seconds",
              timings.apply(stage),
              List.of("stage"),
              List.of(value)));
    }
    return List.of(
        histogram("gatesvr_request_duration", "Time of a request, in seconds (old name)", total),
        histogram("gatesvr_request_duration_seconds", "Time of a request", total),
        histogram("gatesvr_session_rtt_seconds", "Round trip of a heartbeat", rtt.get()),
        new MetricFamilySamples(
            "gatesvr_stage_duration_seconds",
            Type.HISTOGRAM,
            "Time of one stage of a request",
            stages));
  }

  private static MetricFamilySamples histogram(String name, String help, Timing timing) {
    return new MetricFamilySamples(
        name, Type.HISTOGRAM, help, samples(name, timing, List.of(), List.of()));
  }

  private static List<MetricFamilySamples.Sample> samples(
      String name, Timing timing, List<String> labels, List<String> values) {
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    long[] cumulative = cumulative(timing.histogram());
    List<String> bucketLabels = with(labels, "le");
    for (int i = 0; i < cumulative.length; i++) {
      String bound = i < BOUNDS_SECONDS.length ? doubleToGoString(BOUNDS_SECONDS[i]) : "+Inf";
      samples.add(
          new MetricFamilySamples.Sample(
              name + "_bucket", bucketLabels, with(values, bound), (double) cumulative[i]));
    }
    samples.add(
        new MetricFamilySamples.Sample(
            name + "_count", labels, values, (double) cumulative[cumulative.length - 1]));
    samples.add(
        new MetricFamilySamples.Sample(name + "_sum", labels, values, timing.sumNanos() / NANOS));
    return samples;
  }

  private static long[] cumulative(Histogram histogram) {
    long[] counts = new long[BOUNDS_SECONDS.length + 1];
    for (var slot : histogram.recordedValues()) {
      long lowest = histogram.lowestEquivalentValue(slot.getValueIteratedTo());
      int bucket = 0;
      while (bucket < BOUNDS_SECONDS.length && lowest > BOUNDS_SECONDS[bucket] * NANOS) {
        bucket++;
      }
      counts[bucket] += slot.getCountAtValueIteratedTo();
    }
    for (int i = 1; i < counts.length; i++) {
      counts[i] += counts[i - 1];
    }
    return counts;
  }

  private static List<String> with(List<String> list, String last) {
    List<String> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }
}
