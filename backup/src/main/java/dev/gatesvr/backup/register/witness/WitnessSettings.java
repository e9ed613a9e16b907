package dev.gatesvr.backup.register.witness;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * What a {@link WitnessArbiter} needs to know.
 *
 * @param witnesses the electorate, {@code host:port} each; the same list on both gateways, 1 to 31
 * @param pair names the register
 * @param incarnation names this process
 * @param beatInterval between two signs of life to each witness
 * @param silence a process or a witness that says nothing for this long is silent
 * @param timeout for one read or change, with all its attempts
 */
public record WitnessSettings(
    List<String> witnesses,
    String pair,
    String incarnation,
    Duration beatInterval,
    Duration silence,
    Duration timeout) {
  /** Bits of an int in a Round. */
  static final int WITNESSES_MAX = 31;

  public WitnessSettings {
    witnesses = List.copyOf(witnesses);
    int count = witnesses.size();
    if (count < 1 || count > WITNESSES_MAX || new HashSet<>(witnesses).size() != count) {
      throw new IllegalArgumentException(
          "witnesses: " + witnesses + " (expected: 1 to " + WITNESSES_MAX + ", each once)");
    }
    witnesses.forEach(HostPort::parse);
    required("pair", pair);
    required("incarnation", incarnation);
    if (beatInterval.toMillis() < 1 || silence.compareTo(beatInterval) <= 0) {
      throw new IllegalArgumentException(
          "beat interval: "
              + beatInterval
              + ", silence: "
              + silence
              + " (expected: 1 ms <= beat interval < silence)");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
    }
  }

  private static void required(String name, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(name + ": \"\" (expected: a name)");
    }
  }

  /** Where a witness listens. */
  record HostPort(String host, int port) {
    /** Reads {@code host:port}; an IPv6 host stands in brackets. */
    static HostPort parse(String text) {
      int colon = text.lastIndexOf(':');
      try {
        int port = Integer.parseInt(text.substring(colon + 1));
        if (colon > 0 && port > 0 && port <= 65_535) {
          return new HostPort(text.substring(0, colon).replaceAll("[\\[\\]]", ""), port);
        }
      } catch (NumberFormatException e) {
        // Told below, with the whole value.
      }
      throw new IllegalArgumentException("witness: \"" + text + "\" (expected: \"host:port\")");
    }
  }
}
