package dev.gatesvr.gateway.overload;

import dev.gatesvr.gateway.overload.OverloadGuard.Resource;

/** Told of refusals and crossed thresholds, on any loop and as often as they happen. */
public interface OverloadObserver {
  void refused(Resource resource);

  void warning(Resource resource, double value, double threshold, long nowNanos);
}
