package dev.gatesvr.cmd.config;

/**
 * One value as an operator wrote it.
 *
 * @param path the key, such as {@code server.quic_addr}
 * @param text the value, not yet read
 * @param origin where it stands, such as {@code test.yaml:3}, {@code environment GATESVR_QUIC_ADDR}
 *     or {@code flag -quic}
 */
public record Setting(String path, String text, String origin) {
  /** Leaves the value out: it may be a secret. */
  @Override
  public String toString() {
    return path + " of " + origin;
  }
}
