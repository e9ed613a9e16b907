package dev.gatesvr.backup.register;

/**
 * What the witnesses see of one process.
 *
 * @param incarnation whose
 * @param witnesses how many there are in all
 * @param connected how many this gateway hears from now
 * @param gone how many of those say that its connection to them ended and has not come back
 * @param silent how many of those say that its connection is there, or was never seen to end, but
 *     it said nothing for as long as this gateway's heartbeat timeout
 */
public record Evidence(String incarnation, int witnesses, int connected, int gone, int silent) {
  public Evidence {
    if (gone + silent > connected || connected > witnesses || gone < 0 || silent < 0) {
      throw new IllegalArgumentException(
          "gone: " + gone + ", silent: " + silent + " of " + connected + " of " + witnesses);
    }
  }

  /** A majority says that the process is dead. */
  public boolean dead() {
    return gone > witnesses / 2;
  }

  /** A majority says that it is dead or silent. */
  public boolean suspect() {
    return gone + silent > witnesses / 2;
  }
}
