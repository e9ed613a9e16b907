package dev.gatesvr.backup.register;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Visits every state that two gateways and three witnesses can reach, each gateway with one change
 * it wants and a number of attempts.
 *
 * <p>The network loses, repeats and reorders: what was ever sent may arrive at any later time, any
 * number of times, or never. So a state needs no mailbox for requests, only the requests that each
 * gateway ever sent; and of the answers those that can still change something. Left out is what
 * cannot: answers to an attempt that is over, promises that were heard or come after the decision
 * (a Round takes both as nothing, and its phases only go forward). Witnesses are alike, so states
 * that differ only in their order are one.
 *
 * <p>A state is five numbers: two gateways and three witnesses, each the index of a value in a
 * table, packed into two longs. All transitions are those of the product's classes.
 */
final class RegisterExplorer {
  private static final int WITNESSES = 3;
  private static final int GATEWAYS = 2;
  private static final int FIELD_BITS = 20;
  private static final int FIELD_MASK = (1 << FIELD_BITS) - 1;

  /** The acceptor and the round under test: the product's, or mutants of them. */
  interface Rules {
    default Acceptor.Step accept(Acceptor acceptor, Message.Request request) {
      return acceptor.on(request);
    }

    default Round hear(Round round, int witness, Message.Answer answer) {
      return round.on(witness, answer);
    }
  }

  /** A gateway's wish. */
  record Wish(String me, Leadership expected, Leadership wanted, int attempts) {}

  /** What was told to whom, in one state; NONE before anything was. */
  record Told(Leadership first, Leadership second) {}

  /**
   * A gateway.
   *
   * @param round index of its round, without the witnesses' bits
   * @param sent bit set of the requests it ever sent
   */
  private record Gateway(int round, int attemptsLeft, long sent) {}

  /**
   * A witness, and what stands between it and the gateways.
   *
   * @param acceptor index of its acceptor
   * @param answers bit set of those that may still arrive; a ballot names its gateway
   * @param promised bit set of the gateways whose round counts its promise
   * @param accepted the same for its acceptance
   */
  private record Station(int acceptor, long answers, int promised, int accepted) {}

  /** What a request does to an acceptor: indexes of the acceptor after it, and of the answer. */
  private record Arrival(int acceptorAfter, int answer) {}

  private static final class Table<T> {
    private final Map<T, Integer> index = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    int indexOf(T value) {
      return index.computeIfAbsent(
          value,
          added -> {
            if (values.size() > FIELD_MASK) {
              throw new IllegalStateException("more than " + FIELD_MASK + " values");
            }
            values.add(added);
            return values.size() - 1;
          });
    }

    T at(int at) {
      return values.get(at);
    }
  }

  private final Rules rules;
  private final List<Wish> wishes;
  private final Table<Acceptor> acceptors = new Table<>();
  private final Table<Round> rounds = new Table<>();
  private final Table<Message.Request> requests = new Table<>();
  private final Table<Message.Answer> answers = new Table<>();
  private final Map<Long, Arrival> arrivals = new HashMap<>();
  private final Table<Gateway> gateways = new Table<>();
  private final Table<Station> stations = new Table<>();
  private final PairSet seen = new PairSet();
  private final boolean reduced;
  private final Consumer<Told> check;
  private long[] stack = new long[1 << 16];
  private int depth;

  private RegisterExplorer(Rules rules, List<Wish> wishes, boolean reduced, Consumer<Told> check) {
    this.rules = rules;
    this.wishes = wishes;
    this.reduced = reduced;
    this.check = check;
  }

  /**
   * Explores.
   *
   * @param before what the witnesses hold at the start
   * @param check called with every distinct outcome that is reached
   * @return the number of states
   */
  static int explore(Rules rules, List<Acceptor> before, List<Wish> wishes, Consumer<Told> check) {
    return explore(rules, before, wishes, true, check);
  }

  /** With or without what makes states fewer: the same must be told. */
  static int explore(
      Rules rules,
      List<Acceptor> before,
      List<Wish> wishes,
      boolean reduced,
      Consumer<Told> check) {
    RegisterExplorer explorer = new RegisterExplorer(rules, wishes, reduced, distinct(check));
    explorer.run(before);
    return explorer.seen.size();
  }

  private static Consumer<Told> distinct(Consumer<Told> check) {
    Set<Told> known = new LinkedHashSet<>();
    return told -> {
      if (known.add(told)) {
        check.accept(told);
      }
    };
  }

  private void run(List<Acceptor> before) {
    Ballot above = before.get(0).promised();
    Gateway[] begun = new Gateway[GATEWAYS];
    for (int at = 0; at < GATEWAYS; at++) {
      begun[at] = attempt(wishes.get(at), above, wishes.get(at).attempts(), 0);
    }
    Station[] all = new Station[WITNESSES];
    Arrays.setAll(all, at -> new Station(acceptors.indexOf(before.get(at)), 0, 0, 0));
    visit(begun, all);
    while (depth > 0) {
      long second = stack[--depth];
      long first = stack[--depth];
      expand(first, second);
    }
  }

  private Gateway attempt(Wish wish, Ballot above, int attempts, long sentBefore) {
    Round round = Round.change(above.next(wish.me()), wish.expected(), wish.wanted(), WITNESSES);
    return new Gateway(rounds.indexOf(round), attempts - 1, sentBefore | sending(round));
  }

  private long sending(Round round) {
    return mask(requests.indexOf(round.request().orElseThrow()));
  }

  private static long mask(int index) {
    if (index >= Long.SIZE) {
      throw new IllegalStateException("more than 64 different messages");
    }
    return 1L << index;
  }

  private void expand(long first, long second) {
    Gateway[] both = {
      gateways.at((int) first & FIELD_MASK), gateways.at((int) (first >>> FIELD_BITS) & FIELD_MASK)
    };
    Station[] all = new Station[WITNESSES];
    for (int at = 0; at < WITNESSES; at++) {
      all[at] = stations.at((int) (second >>> (at * FIELD_BITS)) & FIELD_MASK);
    }
    for (int witness = 0; witness < WITNESSES; witness++) {
      if (witness > 0 && all[witness].equals(all[witness - 1])) {
        continue;
      }
      for (long left = both[0].sent | both[1].sent; left != 0; left &= left - 1) {
        arrive(both, all, witness, Long.numberOfTrailingZeros(left));
      }
      for (long left = all[witness].answers; left != 0; left &= left - 1) {
        hear(both, all, witness, answers.at(Long.numberOfTrailingZeros(left)));
      }
    }
  }

  /** A request reaches a witness. */
  private void arrive(Gateway[] both, Station[] all, int witness, int request) {
    Station before = all[witness];
    Arrival arrival =
        arrivals.computeIfAbsent(
            (long) before.acceptor << 32 | request, key -> arrival(before.acceptor, request));
    Station[] after = all.clone();
    after[witness] =
        new Station(
            arrival.acceptorAfter,
            before.answers | mask(arrival.answer),
            before.promised,
            before.accepted);
    visit(both, after);
  }

  private Arrival arrival(int acceptor, int request) {
    Acceptor.Step step = rules.accept(acceptors.at(acceptor), requests.at(request));
    return new Arrival(acceptors.indexOf(step.after()), answers.indexOf(step.answer()));
  }

  /** An answer reaches the gateway whose ballot it names. */
  private void hear(Gateway[] both, Station[] all, int witness, Message.Answer answer) {
    int gateway = answer.ballot().proposer().equals(wishes.get(0).me()) ? 0 : 1;
    Gateway heard = both[gateway];
    Round after = rules.hear(withBits(rounds.at(heard.round), all, gateway), witness, answer);
    boolean again = after.phase() == Round.Phase.OVERTAKEN && heard.attemptsLeft > 0;
    int promised = again ? 0 : after.promised();
    int accepted = again ? 0 : after.accepted();
    Station[] stationsAfter = new Station[WITNESSES];
    for (int at = 0; at < WITNESSES; at++) {
      Station old = all[at];
      stationsAfter[at] =
          new Station(
              old.acceptor,
              old.answers,
              bit(old.promised, gateway, (promised >> at & 1) != 0),
              bit(old.accepted, gateway, (accepted >> at & 1) != 0));
    }
    Gateway[] next = both.clone();
    next[gateway] = moved(heard, after, wishes.get(gateway));
    visit(next, stationsAfter);
  }

  private Gateway moved(Gateway heard, Round after, Wish wish) {
    if (after.phase() == Round.Phase.OVERTAKEN && heard.attemptsLeft > 0) {
      return attempt(wish, after.above(), heard.attemptsLeft, heard.sent);
    }
    long sent = after.phase() == Round.Phase.ACCEPTING ? heard.sent | sending(after) : heard.sent;
    return new Gateway(rounds.indexOf(settled(after)), heard.attemptsLeft, sent);
  }

  private static int bit(int bits, int at, boolean set) {
    return set ? bits | 1 << at : bits & ~(1 << at);
  }

  private static Round withBits(Round round, Station[] all, int gateway) {
    int promised = 0;
    int accepted = 0;
    for (int at = 0; at < WITNESSES; at++) {
      promised |= (all[at].promised >> gateway & 1) << at;
      accepted |= (all[at].accepted >> gateway & 1) << at;
    }
    return bits(round, promised, accepted);
  }

  private static Round bits(Round round, int promised, int accepted) {
    return new Round(
        round.ballot(),
        round.expected(),
        round.wanted(),
        round.witnesses(),
        round.phase(),
        promised,
        accepted,
        round.newestAt(),
        round.newest(),
        round.above());
  }

  /** Brings a state into its one form, and notes it when it is new. */
  private void visit(Gateway[] both, Station[] all) {
    Round[] now = {rounds.at(both[0].round), rounds.at(both[1].round)};
    int[] indexes = new int[WITNESSES];
    for (int at = 0; at < WITNESSES; at++) {
      indexes[at] = stations.indexOf(reduced ? pruned(all[at], now) : all[at]);
    }
    if (reduced) {
      Arrays.sort(indexes);
    }
    long first = gateways.indexOf(both[0]) | (long) gateways.indexOf(both[1]) << FIELD_BITS;
    long second = 0;
    for (int at = 0; at < WITNESSES; at++) {
      second |= (long) indexes[at] << (at * FIELD_BITS);
    }
    if (seen.add(first, second)) {
      push(first, second);
      check.accept(new Told(told(now[0]), told(now[1])));
    }
  }

  private static Leadership told(Round round) {
    return round.phase() == Round.Phase.DONE ? round.value() : Leadership.NONE;
  }

  /** Without the witnesses' bits; of a round that is over only its outcome. */
  private static Round settled(Round round) {
    if (round.phase() != Round.Phase.OVERTAKEN) {
      return bits(round, 0, 0);
    }
    return new Round(
        Ballot.NONE,
        round.expected(),
        round.wanted(),
        WITNESSES,
        round.phase(),
        0,
        0,
        Ballot.NONE,
        Leadership.NONE,
        Ballot.NONE);
  }

  private Station pruned(Station station, Round[] now) {
    int promised = 0;
    int accepted = 0;
    for (int gateway = 0; gateway < GATEWAYS; gateway++) {
      Round.Phase phase = now[gateway].phase();
      int one = 1 << gateway;
      promised |= phase == Round.Phase.PREPARING ? station.promised & one : 0;
      accepted |= phase == Round.Phase.ACCEPTING ? station.accepted & one : 0;
    }
    long kept = 0;
    for (long left = station.answers; left != 0; left &= left - 1) {
      int index = Long.numberOfTrailingZeros(left);
      Message.Answer answer = answers.at(index);
      int gateway = answer.ballot().proposer().equals(wishes.get(0).me()) ? 0 : 1;
      boolean promiseHeard = (promised >> gateway & 1) != 0;
      boolean acceptanceHeard = (accepted >> gateway & 1) != 0;
      if (counts(answer, now[gateway], promiseHeard, acceptanceHeard)) {
        kept |= 1L << index;
      }
    }
    return new Station(station.acceptor, kept, promised, accepted);
  }

  private static boolean counts(
      Message.Answer answer, Round round, boolean promiseHeard, boolean acceptanceHeard) {
    if (!answer.ballot().equals(round.ballot())) {
      return false;
    }
    boolean preparing = round.phase() == Round.Phase.PREPARING;
    boolean accepting = round.phase() == Round.Phase.ACCEPTING;
    return switch (answer) {
      case Message.Promise promise -> preparing && !promiseHeard;
      case Message.Accepted taken -> preparing || (accepting && !acceptanceHeard);
      case Message.Rejected rejected -> preparing || accepting;
    };
  }

  private void push(long first, long second) {
    if (depth + 2 > stack.length) {
      stack = Arrays.copyOf(stack, 2 * stack.length);
    }
    stack[depth++] = first;
    stack[depth++] = second;
  }
}
