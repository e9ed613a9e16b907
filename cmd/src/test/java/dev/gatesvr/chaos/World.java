package dev.gatesvr.chaos;

import dev.gatesvr.client.Dialer;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.testkit.TestCertificate;
import dev.gatesvr.upstream.route.ZoneRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Everything that runs: two gateways, three processes with two zones and a witness each, relays
 * between them, and players. Used by one round at a time, on one thread.
 */
final class World implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration WHOLE_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(45);
  private static final Duration QUIET_TIMEOUT = Duration.ofSeconds(10);
  private static final long QUIET_MILLIS = 400;
  private static final int ZONES = 6;
  private static final int ERROR_CHARS = 200;

  private final Plan plan;
  private final Path folder;
  private final List<ZonePlace> zones = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Player> players = new CopyOnWriteArrayList<>();
  private final TestCertificate certificate;
  private final Dialer dialer;
  private final Roles roles;
  private final Asking asking;
  private int rounds;
  private String stream = "";

  /**
   * Starts everything and waits until both gateways hold everything and all players are there.
   *
   * @param folder for configurations, logs and histories; created
   */
  World(Plan plan, Path folder) {
    this.plan = plan;
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    certificate = TestCertificate.in(folder);
    Ports ports = new Ports();
    for (int i = 1; i <= ZONES / 2; i++) {
      zones.add(new ZonePlace("z" + i, folder, ports, plan.pair(), zone(i), zone(i + ZONES / 2)));
    }
    List<Integer> witnesses = zones.stream().map(ZonePlace::witnessPort).toList();
    nodes.add(new Node("A", folder, ports, witnesses, plan.seed()));
    nodes.add(new Node("B", folder, ports, witnesses, plan.seed() + 1));
    dialer = unconnected(nodes.getFirst(), nodes.getLast()).openDialer(2);
    roles = new Roles(nodes);
    asking = new Asking(players, plan);
    try {
      start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static String zone(int number) {
    return "00" + number;
  }

  private void start() {
    zones.forEach(zone -> zone.start(nodes));
    nodes.getFirst().configure(nodes.getLast(), certificate, plan);
    nodes.getLast().configure(nodes.getFirst(), certificate, plan);
    nodes.forEach(Node::start);
    zones.forEach(ZonePlace::awaitServing);
    nodes.forEach(Node::awaitBanner);
    awaitWhole();
    for (int i = 0; i < plan.players(); i++) {
      Node first = nodes.get(plan.pair() ? i % 2 : 0);
      players.add(new Player("c" + i, 1, settings(first, other(first))));
    }
    awaitPlayers();
  }

  /** For one more player, which tries these gateways in turn. */
  private GatewayClientBuilder settings(Node first, Node second) {
    return unconnected(first, second).dialer(dialer);
  }

  private GatewayClientBuilder unconnected(Node first, Node second) {
    GatewayClientBuilder builder = GatewayClient.builder().server(first.playerAddress());
    if (plan.pair()) {
      builder.server(second.playerAddress());
    }
    return builder
        .token("any")
        .trust(certificate.certFile())
        .connectTimeout(Duration.ofSeconds(3))
        .heartbeat(Duration.ofSeconds(1))
        .settings(
            s ->
                s.withReconnect(
                    new ClientSettings.Reconnect(
                        20_000_000, 500_000_000, Integer.MAX_VALUE, 100_000_000)));
  }

  Plan plan() {
    return plan;
  }

  Path folder() {
    return folder;
  }

  Roles roles() {
    return roles;
  }

  List<Node> nodes() {
    return nodes;
  }

  List<ZonePlace> zones() {
    return zones;
  }

  List<Player> players() {
    return players;
  }

  Node other(Node node) {
    return nodes.get(1 - nodes.indexOf(node));
  }

  /** One more device; gone at the end of the round, when everything is at rest. */
  Player login(String openid, int device, Node first) {
    Player player = new Player(openid, device, settings(first, other(first)));
    players.add(player);
    return player;
  }

  // ---------------------------------------------------------------- load

  /** Begins to push and to ask; returns the name of the round's streams. */
  String begin() {
    rounds++;
    stream = "r" + rounds;
    players.forEach(Player::takeBook);
    zones.forEach(this::load);
    asking.begin(stream);
    return stream;
  }

  private void load(ZonePlace place) {
    int at = zones.indexOf(place);
    ZonePlace before = zones.get((at + zones.size() - 1) % zones.size());
    List<String> openids =
        players.stream()
            .map(Player::openid)
            .distinct()
            .filter(
                openid -> {
                  String zone = ZoneRouter.zoneOf(openid).toString();
                  return place.serves(zone) || before.serves(zone);
                })
            .toList();
    place.load(stream, plan.pushRate(), openids);
  }

  /** So many pushes to each player from each producer, at once. */
  void burst(int count) {
    zones.stream().filter(ZonePlace::up).forEach(z -> z.process().say("burst " + count));
  }

  /** Ends the load and waits until everything has an outcome and nothing comes any more. */
  void rest() {
    asking.end();
    zones.forEach(ZonePlace::rest);
    stream = "";
    Patience.until(
        READY_TIMEOUT,
        () -> players.stream().allMatch(p -> p.pending() == 0),
        () -> players.stream().mapToInt(Player::pending).sum() + " requests have no end");
    Patience.until(
        QUIET_TIMEOUT,
        () -> {
          long newest = players.stream().mapToLong(Player::newestNanos).max().orElse(0);
          return System.nanoTime() - newest > QUIET_MILLIS * 1_000_000;
        },
        () -> "players still get something");
  }

  /** Everything that zones ever wrote. */
  History history() {
    return History.read(zones.stream().flatMap(zone -> zone.histories().stream()).toList());
  }

  // ---------------------------------------------------------------- health

  /** Mends every link, wakes who sleeps, starts who is dead. */
  void heal() {
    nodes.forEach(Node::mend);
    zones.stream().filter(z -> z.process().paused()).forEach(z -> z.process().resume());
    nodes.stream().filter(n -> n.process().paused()).forEach(n -> n.process().resume());
    List<ZonePlace> deadZones = zones.stream().filter(z -> !z.process().alive()).toList();
    List<Node> deadNodes = nodes.stream().filter(n -> !n.process().alive()).toList();
    deadZones.forEach(zone -> zone.start(nodes));
    deadNodes.forEach(Node::start);
    deadZones.forEach(ZonePlace::awaitServing);
    if (!stream.isEmpty()) {
      deadZones.forEach(this::load);
    }
    deadNodes.forEach(Node::awaitBanner);
  }

  /** Waits until one leads, both hold everything, and all zones are with both. */
  void awaitWhole() {
    Duration patience = rounds == 0 ? START_TIMEOUT : WHOLE_TIMEOUT;
    if (plan.pair()) {
      Patience.until(patience, roles::whole, () -> "not whole: " + roles.text());
    }
    Patience.until(
        patience, () -> nodes.stream().allMatch(this::hasZones), () -> "not every zone registered");
  }

  private boolean hasZones(Node node) {
    try {
      String page = roles.get("http://" + node.http() + "/ready");
      for (int i = 1; i <= ZONES; i++) {
        if (!page.contains("\"" + zone(i) + "\"")) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until every player that was not closed has a session. */
  void awaitPlayers() {
    Patience.until(
        READY_TIMEOUT,
        () -> players.stream().allMatch(p -> p.ready() || p.closed()),
        () ->
            "no session: "
                + players.stream()
                    .filter(p -> !p.ready() && !p.closed())
                    .map(p -> p.name() + " (" + p.client().lastProblem() + ")")
                    .toList());
  }

  /** Faults that the gateways counted in themselves. */
  List<String> faults() {
    List<String> found = new ArrayList<>(roles.mistakes());
    for (Node node : nodes) {
      try {
        roles
            .get("http://" + node.metrics() + "/metrics")
            .lines()
            .filter(line -> line.startsWith("gatesvr_errors_total ") && !line.endsWith(" 0.0"))
            .map(line -> node.id() + ": " + line + ": " + lastError(node))
            // Calls of zones that failed are counted too.
            .filter(fault -> !fault.contains("last_error\":\"zone "))
            .forEach(found::add);
      } catch (IOException e) {
        found.add(node.id() + " does not show its metrics: " + e.getMessage());
      }
    }
    return found;
  }

  private String lastError(Node node) {
    try {
      String page = roles.get("http://" + node.http() + "/stats");
      int at = page.indexOf("last_error");
      return at < 0 ? page : page.substring(at, Math.min(page.length(), at + ERROR_CHARS));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Leaves what players saw beside the logs. */
  void keep(List<Player.Book> books) {
    for (Player.Book book : books) {
      List<String> lines = new ArrayList<>();
      book.events().forEach(event -> lines.add(event.toString()));
      book.asked().forEach(asked -> lines.add(asked.toString()));
      try {
        Files.write(folder.resolve("player-" + book.name().replace('/', '-') + ".txt"), lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    asking.close();
    players.forEach(Player::close);
    Patience.holds(Duration.ofSeconds(1), () -> players.stream().allMatch(Player::closed));
    roles.close();
    dialer.close();
    nodes.forEach(Node::close);
    zones.forEach(ZonePlace::close);
  }
}
