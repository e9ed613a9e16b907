package dev.gatesvr.backup.link;

import java.time.Duration;

/**
 * Times of a link.
 *
 * @param beatInterval a beat goes out this often
 * @param silence a link on which nothing came for so long ends with {@link LinkEnd#TIMEOUT}, so
 *     that the dialler tries anew instead of waiting for the retransmissions of TCP. Longer than
 *     the heartbeat timeout: whether the other counts as dead is decided elsewhere, and earlier
 * @param hello from the accepted or made connection to the hello, the TLS handshake included
 * @param connect for a dialler's connection, and as long before it for the look-up of the name
 * @param redialMin the first wait between attempts; each next one is twice as long, less up to half
 *     of it at random
 * @param redialMax the longest wait. A link that was up for so long is dialled again at once when
 *     it ends, and the waits begin with the first
 */
public record LinkTimes(
    Duration beatInterval,
    Duration silence,
    Duration hello,
    Duration connect,
    Duration redialMin,
    Duration redialMax) {

  public LinkTimes {
    positive("beatInterval", beatInterval);
    positive("hello", hello);
    positive("connect", connect);
    positive("redialMin", redialMin);
    if (silence.compareTo(beatInterval.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "silence: " + silence + " (expected: at least two beats of " + beatInterval + ")");
    }
    if (redialMax.compareTo(redialMin) < 0) {
      throw new IllegalArgumentException(
          "redialMax: " + redialMax + " (expected: >= redialMin " + redialMin + ")");
    }
  }

  /**
   * The times that follow from {@code backup.heartbeat}.
   *
   * @param timeout after which silence makes the other suspect; the link gives up at four times it
   */
  public static LinkTimes of(Duration beatInterval, Duration timeout) {
    return new LinkTimes(
        beatInterval,
        timeout.multipliedBy(4),
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        Duration.ofMillis(20),
        Duration.ofSeconds(1));
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
