package dev.gatesvr.cmd.upstream;

import java.util.LinkedHashSet;
import java.util.List;

/** The players that this zone has seen and that have not logged out. Thread-safe, bounded. */
final class SeenPlayers {
  private final int playersMax;
  private final LinkedHashSet<String> players = new LinkedHashSet<>();

  /**
   * An empty list.
   *
   * @param playersMax beyond it, whoever was not seen for the longest time is forgotten
   */
  SeenPlayers(int playersMax) {
    this.playersMax = playersMax;
  }

  synchronized void seen(String openid) {
    players.addLast(openid);
    if (players.size() > playersMax) {
      players.removeFirst();
    }
  }

  synchronized void left(String openid) {
    players.remove(openid);
  }

  synchronized int size() {
    return players.size();
  }

  /** The most recently seen first. */
  synchronized List<String> newest(int count) {
    return players.reversed().stream().limit(count).toList();
  }
}
