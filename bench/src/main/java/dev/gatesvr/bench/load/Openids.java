package dev.gatesvr.bench.load;

import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.route.ZoneRouter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names for players. */
public final class Openids {
  private Openids() {}

  /**
   * The first {@code count} names of a numbered series.
   *
   * @param zone only those of this zone, or null for any
   */
  public static List<String> of(String prefix, int count, @Nullable ZoneId zone) {
    List<String> names = new ArrayList<>();
    for (int number = 0; names.size() < count; number++) {
      String name = prefix + number;
      if (zone == null || ZoneRouter.zoneOf(name).equals(zone)) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }
}
