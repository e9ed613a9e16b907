package dev.gatesvr.bench.ha;

/**
 * What must not happen in sync mode.
 *
 * @param lost acknowledged pushes that never came
 * @param duplicate messages that came twice, requests that ran twice
 * @param reordered messages that came after a later one
 * @param signals gaps, resyncs, kicks and closes that players were told, and requests that failed
 */
record Faults(long lost, long duplicate, long reordered, long signals) {
  static final Faults NONE = new Faults(0, 0, 0, 0);

  Faults plus(Faults more) {
    return new Faults(
        lost + more.lost,
        duplicate + more.duplicate,
        reordered + more.reordered,
        signals + more.signals);
  }

  /** What came in addition to an earlier count. */
  Faults since(Faults earlier) {
    return new Faults(
        lost - earlier.lost,
        duplicate - earlier.duplicate,
        reordered - earlier.reordered,
        signals - earlier.signals);
  }

  boolean none() {
    return equals(NONE);
  }

  @Override
  public String toString() {
    return "lost %d, duplicate %d, reordered %d, signals %d"
        .formatted(lost, duplicate, reordered, signals);
  }
}
