package dev.gatesvr.gateway.shard;

/** Knows the newest {@link Lead}. Any thread. */
@FunctionalInterface
public interface LeadSource {
  Lead now();

  /** False while a primary cannot know whether another one leads by now; then it refuses nobody. */
  default boolean sure() {
    return true;
  }
}
