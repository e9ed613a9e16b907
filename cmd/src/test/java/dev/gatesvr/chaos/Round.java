package dev.gatesvr.chaos;

import dev.gatesvr.chaos.History.Outcome;
import dev.gatesvr.chaos.Player.Book;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Load, one fault, healing, rest, and a verdict. */
final class Round {
  private static final Duration HEARD_TIMEOUT = Duration.ofSeconds(20);
  private static final int LEAD_IN_MILLIS = 300;
  private static final int LEAD_OUT_MILLIS = 300;

  private Round() {}

  /**
   * Plays a scenario once.
   *
   * @throws ChaosException when something that must happen does not; the world is of no use then
   */
  static Report play(World world, Scenario scenario, long seed) {
    long beginNanos = System.nanoTime();
    Random random = new Random(seed * 1_000_003 + scenario.name().hashCode());
    String stream = world.begin();
    Patience.until(
        HEARD_TIMEOUT,
        () -> world.players().stream().allMatch(p -> p.heardOf(stream)),
        () -> "before the fault not every player hears its zone");
    Patience.pause(random.nextInt(LEAD_IN_MILLIS));
    world.awaitWhole();
    Stage stage = new Stage(world, random);
    scenario.fault().accept(stage);
    world.heal();
    world.awaitWhole();
    world.awaitPlayers();
    Patience.pause(LEAD_OUT_MILLIS);
    long endNanos = System.nanoTime();
    world.rest();
    List<Book> books = world.players().stream().map(Player::takeBook).toList();
    History history = world.history();
    Verdict verdict = Verdict.of(scenario.allowance(), history, books, stream);
    verdict.also(stage.mistakes());
    verdict.also(world.faults());
    if (!verdict.mistakes().isEmpty()) {
      world.keep(books);
    }
    List<Double> silences = silences(books, stage.signalNanos(), endNanos);
    return new Report(
        scenario.name(),
        seed,
        (System.nanoTime() - beginNanos) / 1e9,
        firstAck(history, stage, stream),
        silences.getLast(),
        silences.get(silences.size() / 2),
        verdict.text(),
        stage.notes(),
        verdict.mistakes());
  }

  /** Milliseconds until the other gateway acknowledged a push; NaN when it never did. */
  private static double firstAck(History history, Stage stage, String stream) {
    String gateway = stage.follower().upstreamAddress();
    return history.told().stream()
        .filter(told -> told.stream().endsWith(stream))
        .filter(told -> told.outcome() == Outcome.ACKNOWLEDGED && told.gateway().equals(gateway))
        .mapToLong(told -> told.nanos() - stage.signalNanos())
        .filter(nanos -> nanos > 0)
        .mapToObj(nanos -> nanos / 1e6)
        .min(Double::compare)
        .orElse(Double.NaN);
  }

  /** The longest silence of each player after the signal, in milliseconds, the shortest first. */
  private static List<Double> silences(List<Book> books, long signalNanos, long endNanos) {
    List<Double> longest = new ArrayList<>();
    for (Book book : books) {
      long last = signalNanos;
      long most = 0;
      for (Event event : book.events()) {
        if (event.heard() && event.nanos() - endNanos < 0) {
          if (event.nanos() - signalNanos > 0) {
            most = Math.max(most, event.nanos() - last);
          }
          last = event.nanos();
        }
      }
      longest.add(Math.max(most, endNanos - last) / 1e6);
    }
    longest.sort(Double::compare);
    return longest.isEmpty() ? List.of(0.0) : longest;
  }
}
