package dev.gatesvr.backup.role.world;

import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.HashSet;
import java.util.Set;

/** Who reaches whom, and how fast. Places are names: {@code a}, {@code b}, {@code w0}, ... */
final class Net {
  static final long MS = 1_000_000L;

  private final VirtualTime time;
  private final Set<String> blocked = new HashSet<>();
  private int lossPercent;

  Net(VirtualTime time) {
    this.time = time;
  }

  void block(String from, String to) {
    blocked.add(from + ">" + to);
  }

  void unblock(String from, String to) {
    blocked.remove(from + ">" + to);
  }

  void heal() {
    blocked.clear();
    lossPercent = 0;
  }

  void lossPercent(int percent) {
    lossPercent = percent;
  }

  boolean blocked(String from, String to) {
    return blocked.contains(from + ">" + to);
  }

  /** One way between two places. */
  long delayNanos() {
    long jitter = time.oneIn(50) ? 20 * MS : MS;
    return 100_000 + (long) (time.random().nextDouble() * jitter);
  }

  /** A packet that may be lost. */
  void send(String from, String to, Runnable arrival) {
    if (time.random().nextInt(100) < lossPercent) {
      return;
    }
    time.after(
        delayNanos(),
        () -> {
          if (!blocked(from, to)) {
            arrival.run();
          }
        });
  }
}
