package dev.gatesvr.gateway.shard;

/** Knows the newest {@link Lead}. Any thread. */
@FunctionalInterface
public interface LeadSource {
  Lead now();
}
