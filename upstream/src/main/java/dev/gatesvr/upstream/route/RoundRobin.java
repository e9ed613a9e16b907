package dev.gatesvr.upstream.route;

import java.util.List;

/** Every instance in turn, with a cursor for each zone. Not thread-safe; one for each caller. */
public final class RoundRobin implements InstanceChoice {
  private final int[] cursors = new int[ZoneId.COUNT];

  @Override
  public UpstreamInstance choose(List<UpstreamInstance> instances, RequestFacts facts) {
    int at = cursors[facts.zone().number() - 1]++;
    return instances.get(Integer.remainderUnsigned(at, instances.size()));
  }
}
