package dev.gatesvr.gateway.front;

import dev.gatesvr.gateway.shard.SessionShard;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Connections that wait at a standby, by shard; each set is confined to its shard's loop. Bounded
 * by the connections that the gateway lets in.
 */
final class WarmConnections {
  /** So many are told in one turn of the loop. */
  private static final int SLICE = 256;

  private final Map<SessionShard, Set<PlayerConnection>> byShard = new HashMap<>();

  WarmConnections(List<SessionShard> shards) {
    shards.forEach(shard -> byShard.put(shard, new LinkedHashSet<>()));
  }

  private Set<PlayerConnection> of(SessionShard shard) {
    Set<PlayerConnection> waiting = byShard.get(shard);
    if (waiting == null) {
      throw new IllegalArgumentException("shard " + shard.index() + " is not of this gateway");
    }
    return waiting;
  }

  void add(SessionShard shard, PlayerConnection connection) {
    of(shard).add(connection);
  }

  void remove(SessionShard shard, PlayerConnection connection) {
    of(shard).remove(connection);
  }

  /** Tells all of them, a slice per turn. Any thread. */
  void offerToAll() {
    byShard.forEach((shard, waiting) -> shard.execute(() -> offer(shard, List.copyOf(waiting), 0)));
  }

  private void offer(SessionShard shard, List<PlayerConnection> waiting, int from) {
    int to = Math.min(from + SLICE, waiting.size());
    waiting.subList(from, to).forEach(PlayerConnection::offer);
    if (to < waiting.size()) {
      shard.loop().execute(() -> offer(shard, waiting, to));
    }
  }
}
