package dev.gatesvr.upstream.service.witness;

import dev.gatesvr.proto.WatchReport;
import dev.gatesvr.proto.WitnessSight;
import java.util.HashMap;
import java.util.Map;

/** One gateway's open stream. Guarded by the lock of its {@link WatchRoom}. */
final class Watcher {
  /** Where the reports go; never blocks. */
  interface Line {
    void send(WatchReport report);
  }

  final String incarnation;
  final long silenceNanos;
  private final Line line;
  private final Map<String, WitnessSight> told = new HashMap<>();

  Watcher(String incarnation, long silenceNanos, Line line) {
    this.incarnation = incarnation;
    this.silenceNanos = silenceNanos;
    this.line = line;
  }

  /** Notes what it is told of another; false when it was told that already. */
  boolean news(String other, WitnessSight sight) {
    return told.put(other, sight) != sight;
  }

  void forget(String other) {
    told.remove(other);
  }

  void send(WatchReport report) {
    line.send(report);
  }
}
