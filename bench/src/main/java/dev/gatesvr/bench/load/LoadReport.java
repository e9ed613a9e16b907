package dev.gatesvr.bench.load;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What became of one run.
 *
 * @param planned requests that should have been sent; in the closed loop, those that were
 * @param sent requests handed to the transport
 * @param answered requests with exactly one answer, errors included
 * @param errors answers that were an error
 * @param unexpected answers to nothing: a second one, or one with an unknown number
 * @param lostPlayers connections that ended during the run
 * @param latencyNanos of the answers after the warm-up
 * @param measuredSeconds the time in which these were recorded
 */
public record LoadReport(
    long planned,
    long sent,
    long answered,
    long errors,
    long unexpected,
    int lostPlayers,
    Histogram latencyNanos,
    double measuredSeconds) {
  /** Longer than any drain; larger values are recorded as this. */
  static final long LATENCY_NANOS_MAX = 3_600_000_000_000L;

  private static final int DIGITS = 3;

  /** A histogram that fits every report. */
  public static Histogram histogram() {
    return new Histogram(LATENCY_NANOS_MAX, DIGITS);
  }

  /** Requests sent that have no answer. */
  public long lost() {
    return sent - answered;
  }

  /** True when every planned request was sent and answered once without an error. */
  public boolean complete() {
    return planned == answered && errors == 0 && unexpected == 0;
  }

  /** Recorded answers per second. */
  public double ratePerSecond() {
    return latencyNanos.getTotalCount() / measuredSeconds;
  }

  /** A percentile in microseconds. */
  public double micros(double percentile) {
    return latencyNanos.getValueAtPercentile(percentile) / 1e3;
  }

  /** Several lanes of one run as one. */
  static LoadReport sum(List<LoadReport> lanes) {
    Histogram all = histogram();
    lanes.forEach(lane -> all.add(lane.latencyNanos));
    return new LoadReport(
        lanes.stream().mapToLong(LoadReport::planned).sum(),
        lanes.stream().mapToLong(LoadReport::sent).sum(),
        lanes.stream().mapToLong(LoadReport::answered).sum(),
        lanes.stream().mapToLong(LoadReport::errors).sum(),
        lanes.stream().mapToLong(LoadReport::unexpected).sum(),
        lanes.stream().mapToInt(LoadReport::lostPlayers).sum(),
        all,
        lanes.stream().mapToDouble(LoadReport::measuredSeconds).max().orElse(0));
  }
}
