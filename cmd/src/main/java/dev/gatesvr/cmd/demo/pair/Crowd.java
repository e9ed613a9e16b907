package dev.gatesvr.cmd.demo.pair;

import dev.gatesvr.client.Dialer;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.Response;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.cmd.demo.DemoException;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All players: connected, asking, and at the end compared with what the zones know. */
final class Crowd implements AutoCloseable {
  private static final int FIRST_OPENID = 10_000;
  private static final Duration POLL = Duration.ofMillis(20);

  /** What was acknowledged and has not come by then is lost. */
  private static final Duration LATE = Duration.ofSeconds(10);

  private static final Duration LEAVE = Duration.ofSeconds(3);

  private final Dialer dialer;
  private final Chapters chapters = new Chapters();
  private final List<CrowdPlayer> players = new ArrayList<>();
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("crowd", true));

  /** Starts to connect that many players. */
  Crowd(int count, List<String> gateways, Path ca) {
    dialer = settings(gateways, ca).openDialer(1);
    for (int i = 0; i < count; i++) {
      players.add(
          new CrowdPlayer(
              Integer.toString(FIRST_OPENID + i),
              new Diary(chapters, System.nanoTime()),
              settings(gateways, ca).dialer(dialer)));
    }
  }

  private static GatewayClientBuilder settings(List<String> gateways, Path ca) {
    GatewayClientBuilder builder = GatewayClient.builder().trust(ca);
    gateways.forEach(builder::server);
    return builder.settings(
        settings -> settings.withStandby(oftenBack(ClientSettings.Standby.defaults())));
  }

  /** A player whose standby was away tries again after up to 30 s; a demonstration cannot wait. */
  private static ClientSettings.Standby oftenBack(ClientSettings.Standby standby) {
    return new ClientSettings.Standby(
        standby.learnGateways(),
        standby.warm(),
        standby.heartbeatNanos(),
        standby.offerNanos(),
        standby.probeNanos(),
        new ClientSettings.Reconnect(
            Duration.ofMillis(500).toNanos(),
            Duration.ofSeconds(1).toNanos(),
            Integer.MAX_VALUE,
            Duration.ofSeconds(10).toNanos()));
  }

  Chapters chapters() {
    return chapters;
  }

  List<CrowdPlayer> players() {
    return List.copyOf(players);
  }

  /** Waits until each has a session and the zones push; then each asks at this interval. */
  void begin(Duration every, long deadlineNanos) throws InterruptedException {
    List<CompletableFuture<Response>> begun = players.stream().map(CrowdPlayer::begin).toList();
    for (CompletableFuture<Response> one : begun) {
      Response response = get(one, deadlineNanos);
      if (!response.ok()) {
        throw new DemoException("begin: " + response.code() + " " + response.message());
      }
    }
    long stepNanos = every.toNanos() / players.size();
    for (int i = 0; i < players.size(); i++) {
      var unused =
          clock.scheduleAtFixedRate(
              players.get(i)::ask, i * stepNanos, every.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Waits until every player has had that many second connections. */
  void awaitWarm(int connections, long deadlineNanos) throws InterruptedException {
    for (CrowdPlayer player : players) {
      while (player.stats().warmConnections() < connections) {
        if (System.nanoTime() > deadlineNanos) {
          throw new DemoException(
              "player " + player.openid() + " got no connection to the standby in time");
        }
        Thread.sleep(POLL);
      }
    }
  }

  /** Asks no more, lets everything arrive, and compares. */
  Tally end(long deadlineNanos) throws InterruptedException {
    clock.shutdownNow();
    for (CrowdPlayer player : players) {
      while (player.unanswered() > 0 && System.nanoTime() < deadlineNanos) {
        Thread.sleep(POLL);
      }
    }
    long nowNanos = System.nanoTime();
    players.forEach(player -> player.diary().close(nowNanos));
    List<CompletableFuture<Ledger>> ledgers = players.stream().map(CrowdPlayer::end).toList();
    Tally tally = Tally.NONE;
    long lateNanos = Math.min(deadlineNanos, System.nanoTime() + LATE.toNanos());
    for (int i = 0; i < players.size(); i++) {
      Ledger ledger = get(ledgers.get(i), deadlineNanos);
      Diary diary = players.get(i).diary();
      while (!diary.complete(ledger) && System.nanoTime() < lateNanos) {
        Thread.sleep(POLL);
      }
      tally = tally.plus(diary.compare(ledger));
    }
    return tally;
  }

  /** Sum over all players of how often a session went on at the other gateway. */
  long failovers() throws InterruptedException {
    long sum = 0;
    for (CrowdPlayer player : players) {
      sum += player.stats().failovers();
    }
    return sum;
  }

  private static <T> T get(CompletableFuture<T> future, long deadlineNanos)
      throws InterruptedException {
    try {
      return future.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new DemoException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new DemoException("a player had no answer in time", e);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    CompletableFuture<?>[] left =
        players.stream().map(CrowdPlayer::leave).toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(left).get(LEAVE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // The gateways end next; then everybody has left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dialer.close();
  }
}
