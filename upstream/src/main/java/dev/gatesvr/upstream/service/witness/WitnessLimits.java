package dev.gatesvr.upstream.service.witness;

/** Bounds of a witness, each with its reason. */
final class WitnessLimits {
  /** Pairs of gateways that share their witnesses; the file stays a few kilobytes. */
  static final int PAIRS_MAX = 16;

  /** Votes that wait for the disk: far more than two gateways of each pair ask at once. */
  static final int WAITING_MAX = 256;

  /** Open watches: two gateways a pair, and old streams that have not been seen to end. */
  static final int WATCHES_MAX = 4 * PAIRS_MAX;

  /** Processes of a pair that are remembered; the one that has been gone longest is forgotten. */
  static final int INCARNATIONS_MAX = 16;

  /** A pair's name, a file and a log line hold it. */
  static final int PAIR_CHARS_MAX = 64;

  /** An incarnation: a server id and a random number. */
  static final int INCARNATION_CHARS_MAX = 160;

  /** A value: a few incarnations. */
  static final int VALUE_BYTES_MAX = 4_096;

  /** The shortest silence that a watcher may name; the witness looks 16 times as often. */
  static final long SILENCE_MILLIS_MIN = 20;

  /** The longest. */
  static final long SILENCE_MILLIS_MAX = 600_000;

  private WitnessLimits() {}
}
