package dev.gatesvr.backup.link;

/**
 * What a gateway says of itself in its hello.
 *
 * @param pair the name that both of a pair share
 * @param serverId names this node; the other has another one
 * @param incarnation names this process run
 * @param playerAddress host:port for players
 * @param versionMin oldest version of the link it speaks
 * @param versionMax newest version of the link it speaks
 */
public record LinkIdentity(
    String pair,
    String serverId,
    String incarnation,
    String playerAddress,
    int versionMin,
    int versionMax) {
  /** The newest version this code speaks; the oldest is 1. */
  public static final int VERSION = 1;

  /** No name in a hello is longer. */
  public static final int NAME_CHARS_MAX = 256;

  public LinkIdentity {
    name("pair", pair);
    name("serverId", serverId);
    name("incarnation", incarnation);
    name("playerAddress", playerAddress);
    if (versionMin < 1 || versionMin > versionMax) {
      throw new IllegalArgumentException(
          "versions: " + versionMin + ".." + versionMax + " (expected: 1 <= min <= max)");
    }
  }

  /** One that speaks the versions of this code. */
  public static LinkIdentity of(
      String pair, String serverId, String incarnation, String playerAddress) {
    return new LinkIdentity(pair, serverId, incarnation, playerAddress, 1, VERSION);
  }

  private static void name(String field, String value) {
    if (value.isEmpty() || value.length() > NAME_CHARS_MAX) {
      throw new IllegalArgumentException(
          "%s: %d characters (expected: 1 to %d)".formatted(field, value.length(), NAME_CHARS_MAX));
    }
  }
}
