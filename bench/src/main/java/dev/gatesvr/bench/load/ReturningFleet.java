package dev.gatesvr.bench.load;

import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.quic.QuicClientConfig;
import dev.gatesvr.transport.quic.ServerTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Players who leave and come back to one server, on one loop. Methods block and are called from one
 * thread that is no loop; each waits for at most {@link #TIMEOUT_SECONDS}.
 */
public final class ReturningFleet implements AutoCloseable {
  private static final int TIMEOUT_SECONDS = 60;

  /** A server spreads source ports over its loops, and one socket's buffer is small. */
  private static final int SOCKETS = 64;

  /** As in the SDK. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Longer than a storm and what is done before the next. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);

  /** Tries of a player whose connection failed, in a row. */
  private static final int TRIES_MAX = 5;

  private final FleetNetwork network;
  private final InetSocketAddress server;
  private final List<ReturningPlayer> players = new ArrayList<>();

  /**
   * All came back.
   *
   * @param nanos from the first connection attempt to the last answer
   * @param retries connections that failed and were tried again
   */
  public record Storm(long nanos, int retries) {}

  private ReturningFleet(FleetNetwork network, InetSocketAddress server) {
    this.network = network;
    this.server = server;
  }

  /**
   * Makes players; nobody connects yet.
   *
   * @param bareFrame what a bare server is asked to send; null for a gateway
   */
  public static ReturningFleet of(
      InetSocketAddress server,
      ServerTrust trust,
      List<String> openids,
      @Nullable ServerPush bareFrame)
      throws IOException {
    QuicClientConfig config =
        QuicClientConfig.trusting(trust)
            .withSocketsPerLoop(Math.min(SOCKETS, openids.size()))
            .withTimeouts(CONNECT_TIMEOUT, IDLE_TIMEOUT);
    FleetNetwork network = FleetNetwork.open(config, 1, TIMEOUT_SECONDS);
    ReturningFleet fleet = new ReturningFleet(network, server);
    openids.forEach(openid -> fleet.players.add(new ReturningPlayer(openid, bareFrame)));
    return fleet;
  }

  /** How many players there are. */
  public int size() {
    return players.size();
  }

  /**
   * One player comes, and waits for messages.
   *
   * @param index which player
   * @param messages that follow the answer to START
   * @return nanoseconds from START to the last of them
   * @throws IOException when they do not come, or others do
   */
  public long visit(int index, int messages) throws IOException, InterruptedException {
    return await(come(players.get(index), messages));
  }

  /** One player comes and stays; completes when the messages were received. */
  public CompletableFuture<Long> visiting(int index, int messages) {
    return come(players.get(index), messages);
  }

  /** The newest message that a player got, if any. */
  public @Nullable ServerPush newest(int index) throws IOException, InterruptedException {
    return await(
        CompletableFuture.supplyAsync(() -> players.get(index).newest(), network.loops().loop(0)));
  }

  /**
   * Everybody comes, as many at once as may.
   *
   * @param atOnce connections that are being made at one moment
   */
  public Storm storm(int atOnce) throws IOException, InterruptedException {
    CompletableFuture<Storm> all = new CompletableFuture<>();
    network.loops().loop(0).execute(() -> new Arrival(atOnce, all).go());
    return await(all);
  }

  /** Everybody leaves; the sessions stay. */
  public void leave() throws IOException, InterruptedException {
    CompletableFuture<?>[] gone =
        players.stream()
            .map(
                player ->
                    CompletableFuture.supplyAsync(player::leave, network.loops().loop(0))
                        .thenCompose(left -> left))
            .toArray(CompletableFuture<?>[]::new);
    await(CompletableFuture.allOf(gone));
  }

  private CompletableFuture<Long> come(ReturningPlayer player, int messages) {
    return CompletableFuture.supplyAsync(() -> connect(player, messages), network.loops().loop(0))
        .thenCompose(came -> came);
  }

  private CompletableFuture<Long> connect(ReturningPlayer player, int messages) {
    CompletableFuture<Long> visit = player.expect(messages);
    network
        .connector()
        .connect(
            server,
            connection -> {
              player.opened(connection);
              return player;
            },
            ServerPush.parser())
        .whenComplete(
            (connection, failure) -> {
              if (failure != null) {
                player.failed(failure);
              }
            });
    return visit;
  }

  /** One storm; confined to the loop. */
  private final class Arrival {
    private final int atOnce;
    private final CompletableFuture<Storm> all;
    private final long startNanos = System.nanoTime();
    private int next;
    private int coming;
    private int there;
    private int retries;

    Arrival(int atOnce, CompletableFuture<Storm> all) {
      this.atOnce = atOnce;
      this.all = all;
    }

    void go() {
      while (coming < atOnce && next < players.size()) {
        coming++;
        attempt(players.get(next), 1);
        next++;
      }
    }

    private void attempt(ReturningPlayer player, int tries) {
      connect(player, 0)
          .whenComplete(
              (nanos, failure) -> {
                if (failure == null) {
                  arrived();
                } else if (tries < TRIES_MAX) {
                  retries++;
                  network.loops().loop(0).execute(() -> attempt(player, tries + 1));
                } else {
                  all.completeExceptionally(failure);
                }
              });
    }

    private void arrived() {
      coming--;
      there++;
      if (there == players.size()) {
        all.complete(new Storm(System.nanoTime() - startNanos, retries));
      } else {
        go();
      }
    }
  }

  private <T> T await(CompletableFuture<T> future) throws IOException, InterruptedException {
    return network.await(future, "not everybody came");
  }

  /** Closes every connection and waits for the loop to end. */
  @Override
  public void close() {
    network.close();
  }
}
