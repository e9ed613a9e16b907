package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.load.ReturningFleet;
import dev.gatesvr.proto.ServerPush;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What idle connections cost a fresh server: those of a bare echo, each with its stream and one
 * frame echoed, and those of a gateway, each with a session that gave out a resume token. Live
 * objects after a full collection, less those before the connections.
 */
final class IdleMemory {
  /** Loads classes and fills pools, so that these are not charged to the idle ones. */
  private static final int FIRST_CONNECTIONS = 200;

  private static final int AT_ONCE = 64;
  private static final int CLASSES_SHOWN = 30;

  /** Less than this on average is no field of a connection, but a table that grew. */
  private static final double BYTES_SHOWN_MIN = 1;

  private final Rig rig;
  private final int connections;

  /**
   * What one connection costs.
   *
   * @param rssBytes resident memory, collected garbage included that the heap keeps
   * @param heapBytes live objects
   * @param heapByClass the same by class
   * @param threadsEmpty of the process before they connected
   * @param threadsFull with all of them
   */
  record Cost(
      String name,
      int connections,
      double rssBytes,
      double heapBytes,
      Map<String, Double> heapByClass,
      long threadsEmpty,
      long threadsFull) {}

  IdleMemory(Rig rig, int connections) {
    this.rig = rig;
    this.connections = connections;
  }

  void measure() throws IOException, InterruptedException {
    ServerProcess echo = rig.opened(rig.servers().echo("echo-idle"));
    Cost bare = of("bare echo", echo, Servers.bareAddress(echo), ServerPush.getDefaultInstance());
    rig.closeAll();
    ServerProcess gateway = rig.opened(rig.servers().gateway("gateway-idle", Map.of()));
    Cost session = of("gateway", gateway, Servers.playersOf(gateway), null);
    rig.say("\nIdle connections, %,d of them, each:".formatted(connections));
    List.of(bare, session).forEach(this::say);
    rig.say(
        "    a session          %,.0f bytes of heap on top of the bare connection; by class:"
            .formatted(session.heapBytes() - bare.heapBytes()));
    differences(bare, session).forEach(rig::say);
    rig.result("idle", List.of(bare, session));
  }

  private void say(Cost cost) {
    rig.say(
        "    %-18s %6.1f KiB RSS, %,6.0f bytes of heap; threads %d at none, %d at all"
            .formatted(
                cost.name(),
                cost.rssBytes() / 1_024,
                cost.heapBytes(),
                cost.threadsEmpty(),
                cost.threadsFull()));
  }

  /** Lines of the classes that differ most, the largest first. */
  private static List<String> differences(Cost bare, Cost session) {
    TreeSet<String> names = new TreeSet<>(bare.heapByClass().keySet());
    names.addAll(session.heapByClass().keySet());
    record Difference(String name, double bytes) {}
    List<Difference> all = new ArrayList<>();
    for (String name : names) {
      double more = session.heapByClass().getOrDefault(name, 0.0);
      all.add(new Difference(name, more - bare.heapByClass().getOrDefault(name, 0.0)));
    }
    return all.stream()
        .filter(difference -> Math.abs(difference.bytes()) >= BYTES_SHOWN_MIN)
        .sorted(Comparator.comparingDouble(difference -> -Math.abs(difference.bytes())))
        .limit(CLASSES_SHOWN)
        .map(difference -> "      %+8.1f  %s".formatted(difference.bytes(), difference.name()))
        .toList();
  }

  private Cost of(
      String name, ServerProcess server, InetSocketAddress address, @Nullable ServerPush bareFrame)
      throws IOException, InterruptedException {
    List<String> first = Openids.of("first-", Math.min(FIRST_CONNECTIONS, connections), null);
    try (ReturningFleet fleet = ReturningFleet.of(address, rig.trust(), first, bareFrame)) {
      fleet.storm(AT_ONCE);
      fleet.leave();
      fleet.storm(AT_ONCE);
    }
    ProcessAccount account = server.account();
    account.awaitQuiet();
    Map<String, Long> empty = account.heapByClass();
    long rssEmpty = account.rssBytes();
    long threadsEmpty = account.threads();
    List<String> openids = Openids.of("idle-", connections, null);
    try (ReturningFleet fleet = ReturningFleet.of(address, rig.trust(), openids, bareFrame)) {
      fleet.storm(AT_ONCE);
      account.awaitQuiet();
      Map<String, Double> each = new TreeMap<>();
      account
          .heapByClass()
          .forEach(
              (type, bytes) ->
                  each.put(type, (double) (bytes - empty.getOrDefault(type, 0L)) / connections));
      return new Cost(
          name,
          connections,
          (double) (account.rssBytes() - rssEmpty) / connections,
          each.values().stream().mapToDouble(Double::doubleValue).sum(),
          each,
          threadsEmpty,
          account.threads());
    }
  }
}
