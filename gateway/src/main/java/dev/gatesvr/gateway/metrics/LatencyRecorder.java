package dev.gatesvr.gateway.metrics;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;

/**
 * A histogram of durations with one writing thread and any number of readers, who need no lock and
 * do not slow the writer: it does two plain loads and two release stores, a few nanoseconds, where
 * HdrHistogram's recorders pay two atomic additions for their phase flip. A reader sees every count
 * only grow; counts of one copy may be a few records apart.
 *
 * <p>The slots are HdrHistogram's own log-linear layout for two significant digits and a unit of 64
 * ns, so that a copy loses nothing. Values are clamped to 64 ns and {@link #MAX_NANOS}.
 */
final class LatencyRecorder {
  /** Longer than any deadline of a request that is worth telling apart. */
  static final long MAX_NANOS = 60_000_000_000L;

  static final long MIN_NANOS = 64;
  static final int DIGITS = 2;

  private static final int UNIT_BITS = 6;
  private static final int SUB_BUCKET_BITS = 8;
  private static final int HALF = 1 << (SUB_BUCKET_BITS - 1);

  private final AtomicLongArray counts = new AtomicLongArray(indexOf(MAX_NANOS) + 1);
  private final AtomicLong sumNanos = new AtomicLong();

  /** Counts one duration. Only the one writing thread may call this. */
  void record(long nanos) {
    long clamped = Math.clamp(nanos, MIN_NANOS, MAX_NANOS);
    int index = indexOf(clamped);
    counts.setRelease(index, counts.getPlain(index) + 1);
    sumNanos.setRelease(sumNanos.getPlain() + clamped);
  }

  /** Adds what was recorded so far to {@code target}, made by {@link #newHistogram}. */
  void addTo(Histogram target) {
    for (int i = 0; i < counts.length(); i++) {
      long count = counts.getAcquire(i);
      if (count > 0) {
        target.recordValueWithCount(lowestOf(i), count);
      }
    }
  }

  long sumNanos() {
    return sumNanos.getAcquire();
  }

  /** An empty histogram with the layout of these slots. */
  static Histogram newHistogram() {
    return new Histogram(MIN_NANOS, MAX_NANOS, DIGITS);
  }

  static int indexOf(long nanos) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(nanos);
    int bucket = Math.max(0, bits - UNIT_BITS - SUB_BUCKET_BITS);
    return bucket * HALF + (int) (nanos >>> (bucket + UNIT_BITS));
  }

  /** The smallest duration that {@link #indexOf} puts into slot {@code index}. */
  static long lowestOf(int index) {
    int bucket = index < 2 * HALF ? 0 : index / HALF - 1;
    return (long) (index - bucket * HALF) << (bucket + UNIT_BITS);
  }
}
