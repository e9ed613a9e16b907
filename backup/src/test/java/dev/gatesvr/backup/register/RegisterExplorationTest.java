package dev.gatesvr.backup.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.backup.register.RegisterExplorer.Rules;
import dev.gatesvr.backup.register.RegisterExplorer.Told;
import dev.gatesvr.backup.register.RegisterExplorer.Wish;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every interleaving of two gateways and three witnesses, with messages lost, repeated and
 * reordered: the primary A goes solo while the standby B is promoted, or both found.
 *
 * <p>That the check can fail is shown by the mutants below, each of which is caught. Besides, these
 * were put into the product by hand once, and two gateways were told different things at bound (2,
 * 1): an Acceptor that compares with {@code acceptedAt} instead of {@code promised}, a Round that
 * takes {@code >= witnesses / 2} for a majority, one that takes the last promise's value for the
 * newest, and one that writes what is wanted without comparing.
 */
class RegisterExplorationTest {
  private static final Rules PRODUCT = new Rules() {};
  private static final Leadership FOUNDED = Leadership.NONE.found("A");
  private static final Leadership PAIR = FOUNDED.grow("A", "B");
  private static final Leadership SOLO = PAIR.solo("A");
  private static final Leadership PROMOTED = PAIR.promote("B");
  private static final Acceptor HOLDS_PAIR = holds(2, PAIR);
  private static final List<Acceptor> ALL_HOLD_PAIR = List.of(HOLDS_PAIR, HOLDS_PAIR, HOLDS_PAIR);

  private static Acceptor holds(long round, Leadership value) {
    Ballot ballot = new Ballot(round, "A");
    return new Acceptor(ballot, ballot, value);
  }

  private static List<Wish> soloAgainstPromote(int attemptsOfA, int attemptsOfB) {
    return List.of(
        new Wish("A", PAIR, SOLO, attemptsOfA), new Wish("B", PAIR, PROMOTED, attemptsOfB));
  }

  /** Visits all; returns what was told to whom. */
  private static Set<Told> explored(Rules rules, List<Acceptor> before, List<Wish> wishes) {
    Set<Told> outcomes = new HashSet<>();
    int states =
        RegisterExplorer.explore(
            rules,
            before,
            wishes,
            told -> {
              outcomes.add(told);
              check(told, wishes);
            });
    System.getLogger(RegisterExplorationTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} states, attempts {1} and {2}",
            states,
            wishes.get(0).attempts(),
            wishes.get(1).attempts());
    return outcomes;
  }

  /** Two that were both told something were told the same, and something that was wanted. */
  private static void check(Told told, List<Wish> wishes) {
    Leadership first = told.first();
    Leadership second = told.second();
    if (first.version() > 0 && second.version() > 0) {
      assertThat(first).as("told to A, and to B").isEqualTo(second);
    }
    Set<Leadership> possible =
        Set.of(Leadership.NONE, wishes.get(0).wanted(), wishes.get(1).wanted());
    assertThat(possible).as("what can be told").contains(first, second);
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "2,1", "2,2"})
  void exactlyOneOfSoloAndPromote(int attemptsOfA, int attemptsOfB) {
    Set<Told> outcomes =
        explored(PRODUCT, ALL_HOLD_PAIR, soloAgainstPromote(attemptsOfA, attemptsOfB));
    assertThat(outcomes).extracting(Told::first).contains(SOLO);
    assertThat(outcomes).extracting(Told::second).contains(PROMOTED);
  }

  @Test
  void exactlyOneWhenOneWitnessIsBehind() {
    Set<Told> outcomes =
        explored(
            PRODUCT, List.of(HOLDS_PAIR, HOLDS_PAIR, holds(1, FOUNDED)), soloAgainstPromote(2, 1));
    assertThat(outcomes).contains(new Told(SOLO, SOLO), new Told(PROMOTED, PROMOTED));
  }

  @Test
  void onlyOneFounds() {
    Leadership foundedByB = Leadership.NONE.found("B");
    Set<Told> outcomes =
        explored(
            PRODUCT,
            List.of(Acceptor.EMPTY, Acceptor.EMPTY, Acceptor.EMPTY),
            List.of(
                new Wish("A", Leadership.NONE, FOUNDED, 2),
                new Wish("B", Leadership.NONE, foundedByB, 1)));
    assertThat(outcomes).contains(new Told(FOUNDED, FOUNDED), new Told(foundedByB, foundedByB));
  }

  @Tag("long")
  @Test
  void whatMakesStatesFewerLosesNoOutcome() {
    Set<Told> whole = new HashSet<>();
    int states =
        RegisterExplorer.explore(
            PRODUCT, ALL_HOLD_PAIR, soloAgainstPromote(1, 1), false, whole::add);
    System.getLogger(RegisterExplorationTest.class.getName())
        .log(System.Logger.Level.INFO, "{0} states without reduction", states);
    assertThat(whole).isEqualTo(explored(PRODUCT, ALL_HOLD_PAIR, soloAgainstPromote(1, 1)));
  }

  @Tag("long")
  @ParameterizedTest
  @CsvSource({"3,2", "3,3"})
  void exactlyOneOfSoloAndPromoteInMoreAttempts(int attemptsOfA, int attemptsOfB) {
    Set<Told> outcomes =
        explored(PRODUCT, ALL_HOLD_PAIR, soloAgainstPromote(attemptsOfA, attemptsOfB));
    assertThat(outcomes).contains(new Told(SOLO, SOLO), new Told(PROMOTED, PROMOTED));
  }

  static Stream<Named<Rules>> mutants() {
    return Stream.of(
        Named.of("accepts below what it promised", new AcceptsAnything()),
        Named.of("forgets what it promised", new ForgetsPromises()),
        Named.of("accepts without keeping the value", new KeepsNothing()),
        Named.of("takes what was expected for the newest", new IgnoresTheNewest()),
        Named.of("one witness is a majority", new OneIsAMajority()));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aMutantIsCaught(Rules mutant) {
    assertThatThrownBy(() -> explored(mutant, ALL_HOLD_PAIR, soloAgainstPromote(2, 1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("told to A, and to B");
  }

  private static final class AcceptsAnything implements Rules {
    @Override
    public Acceptor.Step accept(Acceptor acceptor, Message.Request request) {
      return request instanceof Message.Accept accept
          ? new Acceptor.Step(
              new Acceptor(acceptor.promised(), accept.ballot(), accept.value()),
              new Message.Accepted(accept.ballot()))
          : acceptor.on(request);
    }
  }

  private static final class ForgetsPromises implements Rules {
    @Override
    public Acceptor.Step accept(Acceptor acceptor, Message.Request request) {
      Acceptor.Step step = acceptor.on(request);
      return request instanceof Message.Prepare ? new Acceptor.Step(acceptor, step.answer()) : step;
    }
  }

  private static final class KeepsNothing implements Rules {
    @Override
    public Acceptor.Step accept(Acceptor acceptor, Message.Request request) {
      Acceptor.Step step = acceptor.on(request);
      Acceptor empty =
          new Acceptor(step.after().promised(), acceptor.acceptedAt(), acceptor.value());
      return new Acceptor.Step(empty, step.answer());
    }
  }

  private static final class IgnoresTheNewest implements Rules {
    @Override
    public Round hear(Round round, int witness, Message.Answer answer) {
      return answer instanceof Message.Promise promise
          ? round.on(witness, new Message.Promise(promise.ballot(), new Ballot(1, ""), PAIR))
          : round.on(witness, answer);
    }
  }

  private static final class OneIsAMajority implements Rules {
    @Override
    public Round hear(Round round, int witness, Message.Answer answer) {
      return of(of(round, 1).on(witness, answer), round.witnesses());
    }

    private static Round of(Round round, int witnesses) {
      return new Round(
          round.ballot(),
          round.expected(),
          round.wanted(),
          witnesses,
          round.phase(),
          round.promised(),
          round.accepted(),
          round.newestAt(),
          round.newest(),
          round.above());
    }
  }
}
