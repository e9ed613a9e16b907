package dev.gatesvr.bench.load;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.quic.QuicClientConfig;
import dev.gatesvr.transport.quic.ServerTrust;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/**
 * Connected players. One run at a time; methods block and are called from one thread that is no
 * loop.
 */
public final class Fleet implements AutoCloseable {
  /** Handshakes under way at once: enough to fill a core, few enough to look like no attack. */
  private static final int CONNECTING_MAX = 32;

  /** A server spreads source ports over its loops, so there must be many. */
  private static final int SOCKETS_PER_LOOP = 16;

  private static final int TIMEOUT_SECONDS = 30;
  private static final String NO_ANSWER = "no answer";
  private static final long PROGRESS_SECONDS = 1;

  private final FleetNetwork network;
  private final InetSocketAddress server;
  private final Traffic traffic;
  private final List<Player> players = new ArrayList<>();

  private Fleet(FleetNetwork network, InetSocketAddress server, Traffic traffic) {
    this.network = network;
    this.server = server;
    this.traffic = traffic;
  }

  /**
   * Connects and logs in.
   *
   * @param count how many players
   * @param openids of each player by its index
   * @throws IOException when one of them cannot
   */
  public static Fleet connect(
      InetSocketAddress server,
      ServerTrust trust,
      Traffic traffic,
      int count,
      int loopCount,
      IntFunction<String> openids)
      throws IOException, InterruptedException {
    QuicClientConfig config = QuicClientConfig.trusting(trust).withSocketsPerLoop(SOCKETS_PER_LOOP);
    FleetNetwork network = FleetNetwork.open(config, loopCount, TIMEOUT_SECONDS);
    Fleet fleet = new Fleet(network, server, traffic);
    try {
      fleet.connectAll(count, openids);
      return fleet;
    } catch (IOException | InterruptedException | RuntimeException e) {
      fleet.close();
      throw e;
    }
  }

  private void connectAll(int count, IntFunction<String> openids)
      throws IOException, InterruptedException {
    ClientRequest template = traffic.template();
    for (int first = 0; first < count; first += CONNECTING_MAX) {
      List<CompletableFuture<Player>> batch = new ArrayList<>();
      for (int i = first; i < Math.min(count, first + CONNECTING_MAX); i++) {
        batch.add(connectOne(openids.apply(i), template));
      }
      for (CompletableFuture<Player> player : batch) {
        players.add(network.await(player, NO_ANSWER));
      }
    }
  }

  private CompletableFuture<Player> connectOne(String openid, ClientRequest template) {
    CompletableFuture<Player> ready = new CompletableFuture<>();
    network
        .connector()
        .connect(
            server,
            connection -> {
              Player player = new Player(connection, traffic, template, ready);
              connection.loop().execute(() -> player.start(openid));
              return player;
            },
            ServerPush.parser())
        .whenComplete(
            (connection, failure) -> {
              if (failure != null) {
                ready.completeExceptionally(failure);
              }
            });
    return ready;
  }

  /** How many players there are. */
  public int size() {
    return players.size();
  }

  /** One run without a progress line. */
  public LoadReport run(LoadPlan plan) throws IOException, InterruptedException {
    return run(plan, (elapsed, answered) -> {});
  }

  /**
   * One run.
   *
   * @param progress told about once a second: seconds since the start, answers so far
   */
  public LoadReport run(LoadPlan plan, BiConsumer<Double, Long> progress)
      throws IOException, InterruptedException {
    List<Lane> lanes = lanes(plan);
    List<CompletableFuture<LoadReport>> reports = lanes.stream().map(Lane::start).toList();
    CompletableFuture<Void> all =
        CompletableFuture.allOf(reports.toArray(CompletableFuture<?>[]::new));
    long startNanos = System.nanoTime();
    while (true) {
      try {
        all.get(PROGRESS_SECONDS, TimeUnit.SECONDS);
        return LoadReport.sum(reports.stream().map(CompletableFuture::join).toList());
      } catch (TimeoutException running) {
        long answered = 0;
        for (Lane lane : lanes) {
          answered += network.await(lane.progress(), NO_ANSWER).answered();
        }
        progress.accept((System.nanoTime() - startNanos) / 1e9, answered);
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
  }

  private List<Lane> lanes(LoadPlan plan) {
    Map<EventLoop, List<Player>> byLoop = new LinkedHashMap<>();
    for (Player player : players) {
      byLoop
          .computeIfAbsent(Lane.loopOf(network.loops(), player), loop -> new ArrayList<>())
          .add(player);
    }
    return byLoop.entrySet().stream()
        .map(
            entry -> {
              double share = (double) entry.getValue().size() / players.size();
              return new Lane(entry.getKey(), entry.getValue(), plan, share);
            })
        .toList();
  }

  /** Closes every connection and waits for the loops to end. */
  @Override
  public void close() {
    players.forEach(
        player ->
            player.connection().loop().execute(() -> player.connection().close(CloseCode.NORMAL)));
    network.close();
  }
}
