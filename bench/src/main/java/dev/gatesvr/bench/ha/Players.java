package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.ratio.Servers;
import dev.gatesvr.client.Dialer;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.QuicDialer;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.client.core.ClientStats;
import dev.gatesvr.transport.quic.QuicClientConfig;
import dev.gatesvr.transport.quic.ServerTrust;
import dev.gatesvr.upstream.route.ZoneId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All players of the bench, in this process, over one dialer and one thread for their callbacks.
 * Used by one thread.
 */
final class Players implements AutoCloseable {
  private static final Duration CONNECT_PATIENCE = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  /** Attempts to open the second connection come at least this often, or rounds would take long. */
  private static final Duration WARM_CAP = Duration.ofSeconds(2);

  /** Logins under way. */
  private static final int AT_ONCE_MAX = 64;

  private static final int SOCKETS = 16;
  private static final int STATS_SECONDS = 10;
  private static final int COMPLAINTS_MAX = 5;

  private final Dialer dialer;
  private final ExecutorService callbacks =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("bench-players").factory());
  private final List<String> servers;
  private final Timing timing;
  private final List<HaPlayer> warm;
  private final List<HaPlayer> cold;
  private final List<HaPlayer> crowd;
  private final Map<HaPlayer, Long> warmBefore = new HashMap<>();

  /**
   * @param connect how long an attempt to connect may take
   * @param heartbeat of cold players, who notice a dead gateway after three of them
   */
  record Timing(Duration connect, Duration heartbeat) {}

  /**
   * @param warm players with a second connection to the standby
   * @param cold players without
   * @param crowd more of these, with the heartbeat that the gateway suggests
   */
  record Numbers(int warm, int cold, int crowd) {}

  /**
   * Connects everybody and waits for it.
   *
   * @param prefix of their OpenIDs
   * @param nodes the gateways that they are given
   */
  static Players connect(
      String prefix, ServerTrust trust, List<PairNode> nodes, Numbers numbers, Timing timing)
      throws IOException, InterruptedException {
    Dialer dialer =
        QuicDialer.withLoops(
            1,
            QuicClientConfig.trusting(trust)
                .withSocketsPerLoop(SOCKETS)
                .withTimeouts(timing.connect().multipliedBy(9).dividedBy(10), IDLE_TIMEOUT));
    return new Players(prefix, dialer, nodes, numbers, timing);
  }

  private Players(
      String prefix, Dialer dialer, List<PairNode> nodes, Numbers numbers, Timing timing)
      throws IOException, InterruptedException {
    this.dialer = dialer;
    this.timing = timing;
    this.servers = nodes.stream().map(PairNode::quic).toList();
    warm = come(prefix + "warm-", numbers.warm(), settings().warmStandby(true));
    cold =
        come(
            prefix + "cold-",
            numbers.cold(),
            settings().warmStandby(false).heartbeat(timing.heartbeat()));
    crowd = come(prefix + "crowd-", numbers.crowd(), settings().warmStandby(false));
  }

  private GatewayClientBuilder settings() {
    GatewayClientBuilder settings =
        GatewayClient.builder()
            .token("bench")
            .dialer(dialer)
            .executor(callbacks)
            .connectTimeout(timing.connect())
            .settings(Players::eager);
    servers.forEach(settings::server);
    return settings;
  }

  private static ClientSettings eager(ClientSettings settings) {
    ClientSettings.Standby now = settings.standby();
    ClientSettings.Reconnect reconnect = now.reconnect();
    return settings.withStandby(
        new ClientSettings.Standby(
            now.learnGateways(),
            now.warm(),
            now.heartbeatNanos(),
            now.offerNanos(),
            now.probeNanos(),
            new ClientSettings.Reconnect(
                reconnect.baseNanos(),
                WARM_CAP.toNanos(),
                reconnect.attemptsMax(),
                reconnect.stableNanos())));
  }

  private static List<HaPlayer> come(String prefix, int count, GatewayClientBuilder settings)
      throws IOException, InterruptedException {
    List<HaPlayer> players = new ArrayList<>();
    long startNanos = System.nanoTime();
    for (String openid : Openids.of(prefix, count, ZoneId.parse(Servers.ZONE))) {
      if (players.size() >= AT_ONCE_MAX) {
        awaitReady(players.get(players.size() - AT_ONCE_MAX), startNanos);
      }
      players.add(new HaPlayer(openid, settings));
    }
    for (HaPlayer player : players) {
      awaitReady(player, startNanos);
    }
    return List.copyOf(players);
  }

  private static void awaitReady(HaPlayer player, long startNanos)
      throws IOException, InterruptedException {
    long left = CONNECT_PATIENCE.toNanos() - (System.nanoTime() - startNanos);
    try {
      player.client().whenReady().get(left, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(player.openid() + " did not connect: " + problem(player), e);
    }
  }

  private static String problem(HaPlayer player) {
    return player.client().state() + ", " + player.client().lastProblem();
  }

  List<HaPlayer> warm() {
    return warm;
  }

  List<HaPlayer> cold() {
    return cold;
  }

  List<HaPlayer> crowd() {
    return crowd;
  }

  List<HaPlayer> all() {
    List<HaPlayer> all = new ArrayList<>(warm);
    all.addAll(cold);
    all.addAll(crowd);
    return all;
  }

  /** Remembers whose second connection is which, before the lead changes. */
  void noteWarm() throws IOException, InterruptedException {
    for (HaPlayer player : warm) {
      warmBefore.put(player, stats(player).warmConnections());
    }
  }

  /** Waits until every warm player has another second connection than at {@link #noteWarm}. */
  void awaitWarm() throws IOException, InterruptedException {
    for (HaPlayer player : warm) {
      long before = warmBefore.getOrDefault(player, 0L);
      Patience.await(
          PATIENCE,
          player.openid() + " waits at the standby",
          () -> stats(player).warmConnections() > before);
    }
  }

  private static ClientStats stats(HaPlayer player) throws IOException, InterruptedException {
    try {
      return player.client().stats().get(STATS_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(player.openid() + " says nothing: " + problem(player), e);
    }
  }

  /** Waits until everybody has caught up; false when somebody does not. */
  boolean awaitCaughtUp() throws IOException, InterruptedException {
    for (HaPlayer player : all()) {
      if (!Patience.awaited(PATIENCE, player::caughtUp)) {
        return false;
      }
    }
    return true;
  }

  Faults faults() {
    return all().stream().map(HaPlayer::faults).reduce(Faults.NONE, Faults::plus);
  }

  /** What went wrong last with each of them, for people. */
  List<String> complaints() {
    return all().stream()
        .filter(player -> !player.faults().none())
        .map(player -> player.openid() + ": " + player.faults() + " " + player.book().newestFault())
        .limit(COMPLAINTS_MAX)
        .toList();
  }

  /** Everybody leaves for good. */
  @Override
  public void close() {
    all().forEach(HaPlayer::leave);
    dialer.close();
    callbacks.shutdownNow();
  }
}
