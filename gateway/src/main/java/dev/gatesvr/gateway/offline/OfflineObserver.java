package dev.gatesvr.gateway.offline;

/** Told what leaves the store other than to a session. Called under a lock: only counts. */
public interface OfflineObserver {
  /** Messages whose time was up. */
  void expired(int messages);

  /** Droppable messages that gave way to newer ones. */
  void dropped(int messages);

  /** Messages replaced by a newer one with the same key. */
  void replaced(int messages);
}
