package dev.gatesvr.gateway.replica;

/** Every so many entries one digest. */
final class DigestPace {
  private final int every;
  private int since;

  DigestPace(int every) {
    this.every = every;
  }

  boolean due() {
    since++;
    if (since < every) {
      return false;
    }
    since = 0;
    return true;
  }
}
