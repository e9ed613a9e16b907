package dev.gatesvr.bench.ha;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the primary away while pushes flow, times what follows, and brings it back as the standby.
 * Used by one thread.
 */
final class FailoverRound {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** So many of the crowd come back at once, and then so long nobody. */
  private static final int CROWD_BATCH = 50;

  private static final long CROWD_PAUSE_MILLIS = 20;

  private final Stage stage;
  private final Signals signals;
  private final FailoverCommand.Signal signal;
  private final Duration interval;
  private Faults before = Faults.NONE;

  FailoverRound(Stage stage, Signals signals, FailoverCommand.Signal signal, Duration interval) {
    this.stage = stage;
    this.signals = signals;
    this.signal = signal;
    this.interval = interval;
  }

  /**
   * One round.
   *
   * @param ackMillis from the signal to the first push that the new primary acknowledged
   * @param warmMillis the longest silence of each warm player
   * @param coldMillis the same of each cold one
   */
  record Result(
      double ackMillis,
      List<Double> warmMillis,
      List<Double> coldMillis,
      PushSource.Counts pushes,
      Faults faults) {
    static Table table() {
      return new Table(
          "round",
          "first_ack_ms",
          "warm_longest_ms",
          "cold_longest_ms",
          "accepted",
          "unknown",
          "refused",
          "lost",
          "duplicate",
          "reordered",
          "signals");
    }

    List<String> cells(int number) {
      return List.of(
          Integer.toString(number),
          "%.2f".formatted(ackMillis),
          "%.2f".formatted(Spread.of(warmMillis).max()),
          "%.2f".formatted(Spread.of(coldMillis).max()),
          Long.toString(pushes.accepted()),
          Long.toString(pushes.unknown()),
          Long.toString(pushes.refused()),
          Long.toString(faults.lost()),
          Long.toString(faults.duplicate()),
          Long.toString(faults.reordered()),
          Long.toString(faults.signals()));
    }

    @Override
    public String toString() {
      return "first push after %.1f ms, silence %.1f ms warm, %.1f ms cold; %s; %s"
          .formatted(
              ackMillis, Spread.of(warmMillis).max(), Spread.of(coldMillis).max(), pushes, faults);
    }
  }

  /** Runs one. */
  Result run() throws IOException, InterruptedException {
    PairNode old = stage.awaitReady();
    PushSource source = stage.source();
    PushSource.Counts counted = source.counts();
    double ackMillis;
    List<Double> warm;
    List<Double> cold;
    Stage.Traffic traffic = stage.push(interval);
    try {
      stage.leadIn(old);
      long nowNanos = System.nanoTime();
      stage.sample().forEach(player -> player.pushes().watch(nowNanos));
      source.watch(stage.pair().other(old).grpc());
      long signalNanos = signals.send(signal.name(), old.process().pid());
      awaitFirstAck(stage.pair().other(old));
      ackMillis = (source.firstAckNanos() - signalNanos) / 1e6;
      awaitHeard(source.firstAckNanos());
      warm = silences(stage.players().warm());
      cold = silences(stage.players().cold());
      bringBack(old);
      returnCrowd();
    } finally {
      traffic.end();
    }
    stage.pair().awaitWhole();
    Faults all = stage.settle();
    Faults here = all.since(before);
    before = all;
    return new Result(ackMillis, warm, cold, source.counts().since(counted), here);
  }

  private void awaitFirstAck(PairNode next) throws IOException, InterruptedException {
    if (!Patience.awaited(PATIENCE, () -> stage.source().firstAckNanos() != 0)) {
      throw new IOException(
          "no push was acknowledged by %s within %d s: %s%n%s"
              .formatted(
                  next.name(), PATIENCE.toSeconds(), next.status(), next.process().printed()));
    }
  }

  private void awaitHeard(long sinceNanos) throws IOException, InterruptedException {
    for (HaPlayer player : stage.sample()) {
      Patience.await(
          PATIENCE,
          player.openid() + " hears of the new primary",
          () -> player.pushes().newestNanos() > sinceNanos && player.ready());
    }
  }

  private static List<Double> silences(List<HaPlayer> players) {
    long nowNanos = System.nanoTime();
    List<Double> millis = new ArrayList<>();
    players.forEach(player -> millis.add(player.pushes().endNanos(nowNanos) / 1e6));
    return List.copyOf(millis);
  }

  private void bringBack(PairNode old) throws IOException {
    if (signal == FailoverCommand.Signal.KILL) {
      old.process().kill();
      old.start();
    } else {
      signals.send("CONT", old.process().pid());
    }
  }

  private void returnCrowd() throws InterruptedException {
    List<HaPlayer> crowd = stage.players().crowd();
    for (int i = 0; i < crowd.size(); i++) {
      crowd.get(i).reconnect();
      if ((i + 1) % CROWD_BATCH == 0) {
        Thread.sleep(CROWD_PAUSE_MILLIS);
      }
    }
  }
}
