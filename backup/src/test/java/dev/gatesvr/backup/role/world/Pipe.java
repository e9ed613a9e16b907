package dev.gatesvr.backup.role.world;

import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of a TCP connection: in order, and late rather than lost. */
final class Pipe {
  private static final long RETRY_NANOS = 10 * Net.MS;

  private record Sent(long arrivalNanos, Runnable arrival) {}

  private final VirtualTime time;
  private final Net net;
  private final String from;
  private final String to;
  private final Deque<Sent> queue = new ArrayDeque<>();
  private long lastNanos = Long.MIN_VALUE;

  Pipe(VirtualTime time, Net net, String from, String to) {
    this.time = time;
    this.net = net;
    this.from = from;
    this.to = to;
  }

  void send(Runnable arrival) {
    lastNanos = Math.max(lastNanos, time.nowNanos() + net.delayNanos());
    queue.add(new Sent(lastNanos, arrival));
    if (queue.size() == 1) {
      time.at(lastNanos, this::pump);
    }
  }

  private void pump() {
    if (net.blocked(from, to)) {
      time.after(RETRY_NANOS, this::pump);
      return;
    }
    Sent first = queue.poll();
    if (first == null) {
      return;
    }
    Sent next = queue.peek();
    if (next != null) {
      time.at(next.arrivalNanos, this::pump);
    }
    first.arrival.run();
  }
}
