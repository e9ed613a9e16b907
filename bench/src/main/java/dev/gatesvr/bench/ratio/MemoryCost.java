package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.load.Fleet;
import dev.gatesvr.bench.load.LoadPlan;
import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.load.Traffic;
import dev.gatesvr.transport.quic.ServerTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What idle connections cost a fresh server.
 *
 * @param connections how many were open
 * @param rssBytes of one: resident memory after a collection, less that of none, divided
 * @param heapBytes of one, in the same way
 * @param threadsEmpty of the process before they connected
 * @param threadsFull with all of them
 */
record MemoryCost(
    String name,
    int connections,
    double rssBytes,
    double heapBytes,
    long threadsEmpty,
    long threadsFull) {
  /** Loads classes, compiles and fills pools, so that these are not charged to the idle ones. */
  private static final int FIRST_CONNECTIONS = 100;

  private static final Duration FIRST_LOAD = Duration.ofSeconds(1);

  /** Measures a server that nobody else uses. */
  static MemoryCost of(
      String name,
      ProcessAccount account,
      InetSocketAddress address,
      ServerTrust trust,
      Traffic traffic,
      int connections)
      throws IOException, InterruptedException {
    List<String> first = Openids.of("first-", FIRST_CONNECTIONS, null);
    try (Fleet fleet = Fleet.connect(address, trust, traffic, FIRST_CONNECTIONS, 1, first::get)) {
      fleet.run(LoadPlan.closed(1, Duration.ZERO, FIRST_LOAD));
    }
    long heapEmpty = account.heapAfterCollection();
    long rssEmpty = account.rssBytes();
    long threadsEmpty = account.threads();
    List<String> openids = Openids.of("idle-", connections, null);
    try (Fleet fleet = Fleet.connect(address, trust, traffic, connections, 1, openids::get)) {
      long heap = account.heapAfterCollection() - heapEmpty;
      long rss = account.rssBytes() - rssEmpty;
      return new MemoryCost(
          name,
          connections,
          (double) rss / fleet.size(),
          (double) heap / fleet.size(),
          threadsEmpty,
          account.threads());
    }
  }
}
