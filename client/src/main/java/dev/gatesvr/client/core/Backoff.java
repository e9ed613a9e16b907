package dev.gatesvr.client.core;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: exponential with full jitter, so that the clients of a
 * failed gateway spread over the whole interval instead of returning together.
 */
final class Backoff {
  private final ClientSettings.Reconnect settings;
  private final DoubleSupplier jitter;
  private int attempts;

  /**
   * @param jitter uniform in [0, 1)
   */
  Backoff(ClientSettings.Reconnect settings, DoubleSupplier jitter) {
    this.settings = settings;
    this.jitter = jitter;
  }

  /** True when the next attempt would be one too many. */
  boolean exhausted() {
    return attempts >= settings.attemptsMax();
  }

  int attempts() {
    return attempts;
  }

  /** Counts an attempt that starts. */
  void attempt() {
    attempts++;
  }

  /** The last connection was good for long enough: start over at the base. */
  void succeeded() {
    attempts = 0;
  }

  /**
   * How long to wait before the next attempt.
   *
   * @param atLeastNanos what the gateway asked for, 0 when it did not
   */
  long delayNanos(long atLeastNanos) {
    int doublings = Math.clamp(attempts - 1L, 0, 30);
    long ceiling =
        settings.baseNanos() > settings.capNanos() >> doublings
            ? settings.capNanos()
            : settings.baseNanos() << doublings;
    return atLeastNanos + (long) (ceiling * jitter.getAsDouble());
  }
}
