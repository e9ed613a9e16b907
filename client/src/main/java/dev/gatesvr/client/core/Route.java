package dev.gatesvr.client.core;

import java.util.ArrayDeque;
import java.util.List;

/**
 * Which gateway to dial: the application's own in turn; before them those that a gateway named when
 * it sent the client away, each of which is forgotten as soon as it does not help.
 */
final class Route {
  private final List<ServerAddress> own;
  private final ArrayDeque<ServerAddress> named = new ArrayDeque<>();
  private int index;

  /**
   * @param own at least one
   */
  Route(List<ServerAddress> own) {
    if (own.isEmpty()) {
      throw new IllegalArgumentException("own: [] (expected: at least one gateway)");
    }
    this.own = List.copyOf(own);
  }

  ServerAddress current() {
    ServerAddress first = named.peek();
    return first == null ? own.get(index) : first;
  }

  /** The current gateway does not help. */
  void next() {
    if (named.poll() == null) {
      index = (index + 1) % own.size();
    }
  }

  /**
   * The current gateway sends its clients away.
   *
   * @param addresses where to, best first; none means anywhere else
   */
  void sentTo(List<ServerAddress> addresses) {
    next();
    named.clear();
    named.addAll(addresses);
  }
}
