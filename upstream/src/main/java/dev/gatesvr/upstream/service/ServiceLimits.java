package dev.gatesvr.upstream.service;

import java.time.Duration;

/**
 * Bounds of one service.
 *
 * @param concurrentMax requests that are running or waiting for an earlier one of their session
 * @param perSessionMax how many of them one session may have
 * @param notifiesPerRequestMax BEFORE and AFTER notifies that one request may have unanswered
 * @param pushTimeout how long a gateway may take to answer a push
 * @param results of the answers that are kept for repeated requests
 */
public record ServiceLimits(
    int concurrentMax,
    int perSessionMax,
    int notifiesPerRequestMax,
    Duration pushTimeout,
    ResultLimits results) {
  public ServiceLimits {
    atLeastOne("concurrentMax", concurrentMax);
    atLeastOne("perSessionMax", perSessionMax);
    atLeastOne("notifiesPerRequestMax", notifiesPerRequestMax);
    if (!pushTimeout.isPositive()) {
      throw new IllegalArgumentException("pushTimeout: " + pushTimeout + " (expected: > 0)");
    }
  }

  /** With the default bounds of kept results. */
  public ServiceLimits(
      int concurrentMax, int perSessionMax, int notifiesPerRequestMax, Duration pushTimeout) {
    this(concurrentMax, perSessionMax, notifiesPerRequestMax, pushTimeout, ResultLimits.defaults());
  }

  /**
   * 4,096 requests, 64 of one session (as many as a player may have), 256 notifies, 5 s, and the
   * defaults of {@link ResultLimits}.
   */
  public static ServiceLimits defaults() {
    return new ServiceLimits(4_096, 64, 256, Duration.ofSeconds(5));
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }
}
