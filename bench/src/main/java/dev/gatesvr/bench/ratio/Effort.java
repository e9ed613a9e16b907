package dev.gatesvr.bench.ratio;

import java.time.Duration;
import java.util.List;

/** How long and how often something is measured. */
public enum Effort {
  /** What stands in docs/performance.md. */
  FULL(Duration.ofSeconds(8), 3, Duration.ofSeconds(2), Duration.ofMillis(2_500), 3, 5),
  /** Rough. */
  QUICK(Duration.ofSeconds(3), 2, Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3),
  /** Shows that everything runs; the figures mean nothing. */
  SMOKE(Duration.ofMillis(100), 1, Duration.ofMillis(100), Duration.ofMillis(100), 1, 1);

  /** Of one side, before anything counts. */
  final Duration warmup;

  /** How many times that, when it still compiles. */
  final int patience;

  /** A closed loop. */
  final Duration max;

  /** One of the four segments of a round. */
  final Duration segment;

  /** Rounds of the baseline against itself. */
  final int aaRounds;

  final int rounds;

  Effort(Duration warmup, int patience, Duration max, Duration segment, int aaRounds, int rounds) {
    this.warmup = warmup;
    this.patience = patience;
    this.max = max;
    this.segment = segment;
    this.aaRounds = aaRounds;
    this.rounds = rounds;
  }

  /** Idle connections whose memory is measured. */
  int idle() {
    return pick(5_000, 1_000, 20);
  }

  /** Players who come back at once. */
  int returning() {
    return pick(5_000, 500, 10);
  }

  /** Lengths of a replay. */
  List<Integer> replays() {
    return this == SMOKE ? List.of(1, 20) : List.of(1, 100, 1_000, 10_000);
  }

  /** Replays in one of the four segments of a round. */
  int visits() {
    return pick(9, 5, 2);
  }

  /** Replays that do not count. */
  int visitsWarmup() {
    return pick(100, 60, 2);
  }

  /** Players who come and go before replays are measured, so that START is compiled. */
  int warmers() {
    return pick(1_000, 300, 2);
  }

  private int pick(int full, int quick, int smoke) {
    return switch (this) {
      case FULL -> full;
      case QUICK -> quick;
      case SMOKE -> smoke;
    };
  }
}
