package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.ratio.Rig;
import dev.gatesvr.bench.ratio.ServerProcess;
import dev.gatesvr.bench.ratio.Servers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two gateways that act as one. Its processes are owned by the rig. Used by one thread. */
final class Pair {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final PairNode a;
  private final PairNode b;

  private Pair(PairNode a, PairNode b) {
    this.a = a;
    this.b = b;
  }

  /** Starts three witnesses; returns their addresses with commas between. */
  static String witnesses(Rig rig) throws IOException, InterruptedException {
    Servers servers = rig.servers();
    ServerProcess process =
        rig.opened(
            servers.program(
                "witnesses", WitnessMain.class, List.of("--folder", servers.folder().toString())));
    List<String> addresses = new ArrayList<>();
    for (int number = 1; number <= WitnessMain.COUNT; number++) {
      int port = process.addressAfter(WitnessMain.READY + number + " on ").getPort();
      addresses.add("127.0.0.1:" + port);
    }
    return String.join(",", addresses);
  }

  /**
   * Starts both; the first leads. The second one shares the core of the load where cores are kept
   * apart.
   *
   * @param name of the pair and of its logs
   * @param mode async, semi or sync
   * @param settings more of the environment of both
   */
  static Pair start(
      Rig rig,
      Ports ports,
      String name,
      String mode,
      String witnesses,
      Map<String, String> settings)
      throws IOException, InterruptedException {
    PairNode a = rig.opened(new PairNode(name + "-a", rig.servers(), ports, true));
    PairNode b = rig.opened(new PairNode(name + "-b", rig.servers(), ports, false));
    a.join(b, name, true, mode, witnesses);
    b.join(a, name, false, mode, witnesses);
    for (PairNode node : List.of(a, b)) {
      node.set(settings);
    }
    a.start();
    Patience.await(PATIENCE, "the first gateway leads", () -> leads(a));
    b.start();
    Pair pair = new Pair(a, b);
    pair.awaitWhole();
    return pair;
  }

  private static boolean leads(PairNode node) throws IOException, InterruptedException {
    NodeStatus status = node.status();
    return status != null && status.primary();
  }

  List<PairNode> nodes() {
    return List.of(a, b);
  }

  PairNode other(PairNode node) {
    return node == a ? b : a;
  }

  /** Waits until one leads and the other holds everything; returns the one that leads. */
  PairNode awaitWhole() throws IOException, InterruptedException {
    List<PairNode> found = new ArrayList<>();
    Patience.await(
        PATIENCE,
        "the pair is whole",
        () -> {
          found.clear();
          NodeStatus first = a.status();
          NodeStatus second = b.status();
          if (first != null && second != null) {
            if (first.whole() && second.standby()) {
              found.add(a);
            } else if (second.whole() && first.standby()) {
              found.add(b);
            }
          }
          return !found.isEmpty();
        });
    return found.getFirst();
  }
}
