package dev.gatesvr.transport;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;

/** A bound port. Thread-safe. */
public interface Listener {
  /** The address that was bound, with the real port where 0 was asked for. */
  InetSocketAddress localAddress();

  /** Refuses new connections from now on; those that are open stay. */
  void stopAccepting();

  /** Closes the port and what is left on it; completes when the sockets are released. */
  CompletionStage<Void> close();
}
