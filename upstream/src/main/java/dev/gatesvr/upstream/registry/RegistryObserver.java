package dev.gatesvr.upstream.registry;

import dev.gatesvr.upstream.route.UpstreamInstance;

/**
 * Told of every change, in order, after the new table can be read. Called on the thread that makes
 * the change, while it holds the registry's lock: must not block and not change the registry.
 */
public interface RegistryObserver {
  /** An address that was not registered now is. */
  void onAdded(UpstreamInstance instance);

  /** An address was registered again. */
  void onReplaced(UpstreamInstance old, UpstreamInstance instance);

  /** An instance is gone. */
  void onRemoved(UpstreamInstance instance);
}
