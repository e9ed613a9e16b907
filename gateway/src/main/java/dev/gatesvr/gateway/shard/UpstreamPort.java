package dev.gatesvr.gateway.shard;

import dev.gatesvr.upstream.route.ZoneId;
import org.jspecify.annotations.Nullable;

/** A shard's way to the upstreams, on the shard's loop. */
public interface UpstreamPort {
  /** True while some instance of the zone is registered. */
  boolean serves(ZoneId zone);

  /**
   * Chooses where the next request goes.
   *
   * @param attempted the process that it was sent to before, null for a first copy
   */
  UpstreamTarget choose(ZoneId zone, @Nullable Long attempted);
}
