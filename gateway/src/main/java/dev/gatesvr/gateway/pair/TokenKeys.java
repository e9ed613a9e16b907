package dev.gatesvr.gateway.pair;

/** The keys of resume tokens, as the two of a pair give them to one another. Any thread. */
public interface TokenKeys {
  /** Those that open tokens now, one {@code id:base64} per line, newest first. */
  String lines();

  /**
   * Opens tokens under these too.
   *
   * @throws IllegalArgumentException when they are none
   */
  void adopt(String lines);
}
