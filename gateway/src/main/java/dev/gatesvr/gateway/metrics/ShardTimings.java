package dev.gatesvr.gateway.metrics;

import java.util.EnumMap;
import java.util.Map;

/**
 * The service times of one shard. {@link #record} belongs to the shard's loop: one writer, no lock,
 * no allocation. Anybody may read, through {@link GatewayMetrics#latencies}.
 */
public final class ShardTimings {
  private final Map<Stage, LatencyRecorder> recorders = new EnumMap<>(Stage.class);
  private final LatencyRecorder rtt = new LatencyRecorder();

  ShardTimings() {
    for (Stage stage : Stage.values()) {
      recorders.put(stage, new LatencyRecorder());
    }
  }

  /**
   * Counts one passage through {@code stage}. {@link Stage#PARSE} and {@link Stage#ENCODE} are
   * already counted by {@link GatewayMetrics#observer}; do not count them here too.
   *
   * @param nanos how long it took; clamped to 64 ns and 60 s
   */
  public void record(Stage stage, long nanos) {
    recorder(stage).record(nanos);
  }

  /** Counts one round trip of a heartbeat; clamped as service times are. */
  public void recordRtt(long nanos) {
    rtt.record(nanos);
  }

  LatencyRecorder rtt() {
    return rtt;
  }

  LatencyRecorder recorder(Stage stage) {
    LatencyRecorder recorder = recorders.get(stage);
    if (recorder == null) {
      throw new IllegalStateException("no recorder for stage " + stage);
    }
    return recorder;
  }
}
