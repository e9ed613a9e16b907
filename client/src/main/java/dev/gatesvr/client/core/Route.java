package dev.gatesvr.client.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which gateway to dial: first those that a gateway named when it sent the client away, each of
 * which is forgotten as soon as it does not help; then, in turn, where the session was, the
 * gateways of its pair, and the application's own.
 */
final class Route {
  private final List<ServerAddress> own;
  private final ArrayDeque<ServerAddress> named = new ArrayDeque<>();
  private List<ServerAddress> known;
  private int index;

  /**
   * @param own at least one
   */
  Route(List<ServerAddress> own) {
    if (own.isEmpty()) {
      throw new IllegalArgumentException("own: [] (expected: at least one gateway)");
    }
    this.own = List.copyOf(own);
    this.known = this.own;
  }

  /**
   * Where to dial now.
   *
   * @param avoided not there while there is any other
   */
  ServerAddress current(@Nullable ServerAddress avoided) {
    ServerAddress first = named.peek();
    if (first != null && !first.equals(avoided)) {
      return first;
    }
    ServerAddress current = known.get(index);
    return current.equals(avoided) ? known.get((index + 1) % known.size()) : current;
  }

  /** The current gateway does not help. */
  void next() {
    if (named.poll() == null) {
      index = (index + 1) % known.size();
    }
  }

  /**
   * The current gateway sends its clients away.
   *
   * @param addresses where to, best first; none means anywhere else
   */
  void sentTo(List<ServerAddress> addresses) {
    next();
    prefer(addresses);
  }

  /** These first, each once. */
  void prefer(List<ServerAddress> addresses) {
    named.clear();
    named.addAll(addresses);
  }

  /**
   * The session is attached.
   *
   * @param pair the gateways of its pair, the primary first; none changes nothing
   */
  void attached(ServerAddress at, List<ServerAddress> pair) {
    if (pair.isEmpty()) {
      return;
    }
    named.clear();
    Set<ServerAddress> all = new LinkedHashSet<>();
    all.add(at);
    all.addAll(pair);
    all.addAll(ownFrom(at));
    known = List.copyOf(all);
    index = 0;
  }

  /** The application's own gateways, beginning with this one if it is among them. */
  List<ServerAddress> ownFrom(ServerAddress at) {
    List<ServerAddress> rotated = new ArrayList<>(own);
    Collections.rotate(rotated, -Math.max(0, own.indexOf(at)));
    return rotated;
  }
}
