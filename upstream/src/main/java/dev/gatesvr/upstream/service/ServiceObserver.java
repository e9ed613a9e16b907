package dev.gatesvr.upstream.service;

/** Told when the registration with a gateway changes. Called on the service's link thread. */
public interface ServiceObserver {
  /** An observer that ignores everything. */
  ServiceObserver NONE =
      new ServiceObserver() {
        @Override
        public void onRegistered(String gateway) {}

        @Override
        public void onLost(String gateway, String why) {}
      };

  /** The gateway knows the service. */
  void onRegistered(String gateway);

  /** The gateway does not, or cannot be reached; it is tried again. Once for each change. */
  void onLost(String gateway, String why);
}
