package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.ratio.ProcessAccount;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** A gateway or a pair under load, with its own zone and players. Used by one thread. */
final class PriceSide {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int DIGITS = 3;

  private final String name;
  private final List<PairNode> nodes;
  private final PushSource source;
  private final List<HaPlayer> players;

  /**
   * @param nodes the one that leads first
   */
  PriceSide(String name, List<PairNode> nodes, PushSource source, List<HaPlayer> players) {
    this.name = name;
    this.nodes = nodes;
    this.source = source;
    this.players = players;
  }

  /**
   * One run.
   *
   * @param primaryMicros CPU of the one that leads, per message and without the JIT's
   * @param standbyMicros the same of the other, 0 where there is none
   * @param primaryShare how busy the one that leads was, in cores
   * @param acks nanoseconds until pushes were acknowledged at the zone
   * @param delivery until they were there
   * @param requests until they were answered
   */
  record Segment(
      double primaryMicros,
      double standbyMicros,
      double primaryShare,
      Histogram acks,
      Histogram delivery,
      Histogram requests) {
    static Table table() {
      return new Table(
          "round",
          "replication",
          "primary_us",
          "standby_us",
          "primary_cores",
          "ack_p50_us",
          "ack_p99_us",
          "delivery_p50_us",
          "delivery_p99_us",
          "request_p50_us",
          "request_p99_us");
    }

    List<String> cells(int round, String mode) {
      List<String> cells = new ArrayList<>();
      cells.add(Integer.toString(round));
      cells.add(mode);
      cells.add("%.2f".formatted(primaryMicros));
      cells.add("%.2f".formatted(standbyMicros));
      cells.add("%.3f".formatted(primaryShare));
      for (Histogram nanos : List.of(acks, delivery, requests)) {
        cells.add(Long.toString(nanos.getValueAtPercentile(50) / 1_000));
        cells.add(Long.toString(nanos.getValueAtPercentile(99) / 1_000));
      }
      return cells;
    }

    static Histogram sum(List<Segment> segments, Function<Segment, Histogram> which) {
      Histogram all = new Histogram(DIGITS);
      segments.forEach(segment -> all.add(which.apply(segment)));
      return all;
    }

    @Override
    public String toString() {
      return "%.1f us, standby %.1f us; p50 of acks %d us, of requests %d us"
          .formatted(
              primaryMicros,
              standbyMicros,
              acks.getValueAtPercentile(50) / 1_000,
              requests.getValueAtPercentile(50) / 1_000);
    }
  }

  String name() {
    return name;
  }

  /**
   * Loads it for a time.
   *
   * @param rate messages per second
   */
  Segment run(int rate, Duration duration) throws IOException, InterruptedException {
    Histogram acks = new ConcurrentHistogram(DIGITS);
    Histogram delivery = new ConcurrentHistogram(DIGITS);
    Histogram requests = new ConcurrentHistogram(DIGITS);
    source.recordAcks(acks);
    players.forEach(player -> player.recordDelivery(delivery));
    List<ProcessAccount> accounts = nodes.stream().map(n -> n.process().account()).toList();
    List<ProcessAccount.Cpu> before = new ArrayList<>();
    for (ProcessAccount account : accounts) {
      before.add(account.cpu());
    }
    PushSource.Counts counted = source.counts();
    AtomicLong answered = new AtomicLong();
    long startNanos = System.nanoTime();
    long intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
    Pacer pacer =
        new Pacer(
            "price", intervalNanos, (turn, planned) -> send(turn, planned, requests, answered));
    try {
      Thread.sleep(duration);
    } finally {
      pacer.end();
    }
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    source.awaitOutcomes();
    Patience.await(
        PATIENCE,
        name + ": everything has arrived",
        () -> players.stream().allMatch(HaPlayer::caughtUp));
    double messages = answered.get() + source.counts().since(counted).accepted();
    if (messages == 0) {
      throw new IOException(name + ": nothing was answered");
    }
    List<ProcessAccount.Cpu> used = new ArrayList<>();
    for (int i = 0; i < accounts.size(); i++) {
      used.add(accounts.get(i).cpu().since(before.get(i)));
    }
    return new Segment(
        used.getFirst().working() * 1e6 / messages,
        used.size() > 1 ? used.getLast().working() * 1e6 / messages : 0,
        used.getFirst().total() / seconds,
        acks,
        delivery,
        requests);
  }

  private void send(long turn, long plannedNanos, Histogram requests, AtomicLong answered) {
    HaPlayer player = players.get((int) (turn / 2 % players.size()));
    if (turn % 2 == 0) {
      source.push(player, plannedNanos);
      return;
    }
    var unused =
        player
            .ask(Long.toString(plannedNanos))
            .thenAccept(
                right -> {
                  if (right) {
                    requests.recordValue(Math.max(0, System.nanoTime() - plannedNanos));
                    answered.incrementAndGet();
                  }
                });
  }
}
