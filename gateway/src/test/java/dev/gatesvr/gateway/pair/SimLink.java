package dev.gatesvr.gateway.pair;

import java.util.ArrayDeque;

/** One TCP connection: in order, both ways; what is blocked comes later. */
// What is absent here has failed the run before.
@SuppressWarnings("NullAway")
final class SimLink {
  /** What an end is told. */
  interface Receiver {
    void onMessage(Object message);

    /**
     * The other end is gone.
     *
     * @param reset without a word
     */
    void onOver(boolean reset);
  }

  private record Over(boolean reset) {}

  final End one;
  final End two;
  private final SimNet net;

  SimLink(SimNet net, SimProcess first, SimProcess second) {
    this.net = net;
    one = new End(first);
    two = new End(second);
    one.peer = two;
    two.peer = one;
    first.opened(one);
    second.opened(two);
  }

  /** One side of it. */
  final class End {
    final SimProcess owner;
    private End peer;
    private Receiver receiver;
    private boolean over;
    private long busyUntil = Long.MIN_VALUE;

    /** On their way to the peer, and held up. */
    private final ArrayDeque<Object> held = new ArrayDeque<>(0);

    End(SimProcess owner) {
      this.owner = owner;
    }

    void receiver(Receiver newReceiver) {
      receiver = newReceiver;
    }

    boolean over() {
      return over;
    }

    void send(Object message) {
      if (!over) {
        push(message);
      }
    }

    /** This side ends it. */
    void close() {
      if (!over) {
        over = true;
        push(new Over(false));
      }
    }

    /** The process at this side is gone. */
    void reset() {
      if (!over) {
        over = true;
        push(new Over(true));
      }
    }

    private void push(Object message) {
      busyUntil = Math.max(busyUntil, net.time.nowNanos() + net.delayNanos());
      net.time.at(busyUntil, () -> arrives(message));
    }

    private void arrives(Object message) {
      if (net.blocked(owner.host, peer.owner.host)) {
        if (held.isEmpty()) {
          net.stuck(this);
        }
        held.add(message);
      } else if (!held.isEmpty()) {
        held.add(message);
      } else {
        hand(message);
      }
    }

    void flush() {
      while (!held.isEmpty()) {
        hand(held.remove());
      }
    }

    private void hand(Object message) {
      peer.owner.now(() -> peer.take(message));
    }

    private void take(Object message) {
      if (over) {
        return;
      }
      if (message instanceof Over ended) {
        over = true;
        receiver.onOver(ended.reset);
      } else {
        receiver.onMessage(message);
      }
    }
  }
}
