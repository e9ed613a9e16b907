package dev.gatesvr.gateway.shard;

import dev.gatesvr.upstream.route.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests that wait until their zone may be called. Bounded by the requests that the gateway lets
 * in. Not thread-safe; confined to its shard.
 */
final class ZoneWaits {
  private record Waiting(Runnable task, Runnable abandon) {}

  private final Map<ZoneId, List<Waiting>> byZone = new HashMap<>();

  void add(ZoneId zone, Runnable task, Runnable abandon) {
    byZone.computeIfAbsent(zone, z -> new ArrayList<>()).add(new Waiting(task, abandon));
  }

  void ready(ZoneId zone) {
    List<Waiting> waiting = byZone.remove(zone);
    if (waiting != null) {
      waiting.forEach(one -> one.task.run());
    }
  }

  void abandon() {
    List<List<Waiting>> all = List.copyOf(byZone.values());
    byZone.clear();
    all.forEach(waiting -> waiting.forEach(one -> one.abandon.run()));
  }
}
