package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.ratio.Rig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A pair in sync mode, the zone, and players who are pushed to. Used by one thread. */
final class Stage {
  /** The crowd gets a push now and then, one after the other. */
  private static final Duration CROWD_INTERVAL = Duration.ofMillis(5);

  /** Traffic flows for this long before the lead changes. */
  private static final long LEAD_IN_MILLIS = 700;

  private static final int LEAD_INS_MAX = 40;

  private static final int PAYLOAD = 128;
  private static final long SEED = 4;

  private final Pair pair;
  private final PushSource source;
  private final Players players;

  private Stage(Pair pair, PushSource source, Players players) {
    this.pair = pair;
    this.source = source;
    this.players = players;
  }

  /** Starts everything; the rig ends it. */
  static Stage open(Rig rig, HaOptions options, Players.Numbers numbers)
      throws IOException, InterruptedException {
    String witnesses = Pair.witnesses(rig);
    Pair pair = Pair.start(rig, new Ports(), "pair", "sync", witnesses, options.settings());
    List<String> addresses = pair.nodes().stream().map(PairNode::grpc).toList();
    PushSource source = rig.opened(new PushSource(addresses, PAYLOAD));
    options.note("the pair is there; players come");
    Players players =
        rig.opened(Players.connect("", rig.trust(), pair.nodes(), numbers, options.timing()));
    return new Stage(pair, source, players);
  }

  Pair pair() {
    return pair;
  }

  PushSource source() {
    return source;
  }

  Players players() {
    return players;
  }

  /** Warm and cold ones, who are measured. */
  List<HaPlayer> sample() {
    List<HaPlayer> sample = new ArrayList<>(players.warm());
    sample.addAll(players.cold());
    return sample;
  }

  /**
   * Pushes to each of the sample at an interval, and to the crowd at random.
   *
   * @return what ends it
   */
  Traffic push(Duration interval) {
    List<Pacer> pacers = new ArrayList<>();
    List<HaPlayer> sample = sample();
    pacers.add(
        new Pacer(
            "pushes",
            interval.toNanos() / sample.size(),
            (turn, plannedNanos) ->
                source.push(sample.get((int) (turn % sample.size())), plannedNanos)));
    List<HaPlayer> crowd = players.crowd();
    if (!crowd.isEmpty()) {
      Random random = new Random(SEED);
      pacers.add(
          new Pacer(
              "crowd",
              CROWD_INTERVAL.toNanos(),
              (turn, plannedNanos) ->
                  source.push(crowd.get(random.nextInt(crowd.size())), plannedNanos)));
    }
    return new Traffic(pacers);
  }

  /** Pushes under way. */
  record Traffic(List<Pacer> pacers) {
    /** Ends them. */
    void end() throws InterruptedException {
      for (Pacer pacer : pacers) {
        pacer.end();
      }
    }
  }

  /** Waits until nothing is under way; returns what went wrong up to now. */
  Faults settle() throws IOException, InterruptedException {
    source.awaitOutcomes();
    if (players.awaitCaughtUp()) {
      source.forgetRequests();
    }
    return players.faults().plus(new Faults(0, source.ranTwice(), 0, 0));
  }

  /** Waits until the next change of the lead can begin; returns who leads. */
  PairNode awaitReady() throws IOException, InterruptedException {
    PairNode primary = pair.awaitWhole();
    source.awaitRegistered();
    players.awaitWarm();
    players.noteWarm();
    return primary;
  }

  /**
   * Lets the traffic flow for a while. A pair that is solo for a moment, as on a busy machine, is
   * not what is measured: waits longer then.
   */
  void leadIn(PairNode primary) throws IOException, InterruptedException {
    for (int tries = 1; tries <= LEAD_INS_MAX; tries++) {
      Thread.sleep(LEAD_IN_MILLIS);
      NodeStatus status = primary.status();
      if (status != null && status.whole()) {
        return;
      }
    }
    throw new IOException(primary.name() + " does not stay paired: " + primary.status());
  }
}
