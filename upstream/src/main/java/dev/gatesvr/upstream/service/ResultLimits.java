package dev.gatesvr.upstream.service;

import java.time.Duration;

/**
 * Bounds of the results that a service keeps, so that a repeated request gets the answer of its
 * first run. What is dropped at a bound is not forgotten silently: a repetition of it is told that
 * its outcome is unknown.
 *
 * @param perSessionMax results of one session; the lowest sequence goes first
 * @param bytesMax bytes of all results and what is around them; the oldest sessions go first
 * @param age how long the results of a session are kept after its last request
 */
public record ResultLimits(int perSessionMax, long bytesMax, Duration age) {
  /** As many requests as a player may have open at once. */
  public static final int PER_SESSION_DEFAULT = 64;

  /** The answers of a second at a hundred thousand requests of half a kilobyte each. */
  public static final long BYTES_DEFAULT = 64L * 1024 * 1024;

  /** Twice as long as a session waits for its player to come back. */
  public static final Duration AGE_DEFAULT = Duration.ofMinutes(10);

  public ResultLimits {
    if (perSessionMax < 1) {
      throw new IllegalArgumentException("perSessionMax: " + perSessionMax + " (expected: >= 1)");
    }
    if (bytesMax < 1) {
      throw new IllegalArgumentException("bytesMax: " + bytesMax + " (expected: >= 1)");
    }
    if (!age.isPositive()) {
      throw new IllegalArgumentException("age: " + age + " (expected: > 0)");
    }
  }

  /** 64 of one session, 64 MiB, 10 minutes. */
  public static ResultLimits defaults() {
    return new ResultLimits(PER_SESSION_DEFAULT, BYTES_DEFAULT, AGE_DEFAULT);
  }
}
