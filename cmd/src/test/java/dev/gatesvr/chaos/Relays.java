package dev.gatesvr.chaos;

import dev.gatesvr.testkit.TcpRelay;

/** Faults of a TCP link, in one word each. */
final class Relays {
  private Relays() {}

  /** Resets what is there; new connections are closed at once. */
  static void sever(TcpRelay relay) {
    relay.refuse(true);
    relay.cut();
  }

  /** Nothing passes any more, and nobody is told. */
  static void silence(TcpRelay relay) {
    relay.swallowFromClients();
    relay.swallowFromServer();
  }

  /** Everything passes again, over new connections where something was swallowed. */
  static void mend(TcpRelay relay) {
    boolean cut = relay.faulty();
    relay.refuse(false);
    relay.throttle(0);
    if (cut) {
      relay.cut();
    }
  }
}
