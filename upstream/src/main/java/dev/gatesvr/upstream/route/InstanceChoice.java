package dev.gatesvr.upstream.route;

import java.util.List;

/**
 * A policy that picks the instance for a request. May keep its own state (a cursor, a weight sum);
 * then it is confined to the one caller that owns it and is not thread-safe.
 */
@FunctionalInterface
public interface InstanceChoice {
  /**
   * Picks one of the instances.
   *
   * @param instances immutable, not empty, all of the request's zone
   * @return an element of {@code instances}
   */
  UpstreamInstance choose(List<UpstreamInstance> instances, RequestFacts facts);
}
