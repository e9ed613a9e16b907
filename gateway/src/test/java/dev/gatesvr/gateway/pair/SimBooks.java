package dev.gatesvr.gateway.pair;

import com.google.protobuf.ByteString;
import dev.gatesvr.backup.register.Leadership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What really happened, and what must hold of it; the numbers are those of HA.md. */
// What is absent here has failed the run before.
@SuppressWarnings("NullAway")
final class SimBooks {
  /** A position of a player's history. */
  record Place(long epoch, long seq) {}

  /** A push that an upstream made. */
  static final class Push {
    final String text;
    final int player;
    final boolean droppable;
    final long madeNanos;
    boolean acknowledged;
    int delivered;
    final List<Place> places = new ArrayList<>(1);

    Push(String text, int player, boolean droppable, long madeNanos) {
      this.text = text;
      this.player = player;
      this.droppable = droppable;
      this.madeNanos = madeNanos;
    }
  }

  private record Run(long incarnation, long session, long seq) {}

  private final Predicate<String> alive;
  private final Map<Place, ByteString> left = new HashMap<>();
  private final Map<String, Push> pushes = new HashMap<>();
  private final Map<Run, String> runs = new HashMap<>();
  private final Map<String, Integer> runsOf = new HashMap<>();
  private final Set<String> neverRan = new HashSet<>();
  private final Map<Long, Long> acceptedTerms = new HashMap<>();
  private final Map<Long, String> leaders = new HashMap<>();

  /** One failure at a time, and nothing may show. */
  boolean strict;

  /** No upstream failed either: every request has its answer. */
  boolean strictAnswers;

  /**
   * @param alive whether the process of an incarnation lives
   */
  SimBooks(Predicate<String> alive) {
    this.alive = alive;
  }

  static void must(boolean holds, String what, Object about) {
    if (!holds) {
      throw new AssertionError(what + ": " + about);
    }
  }

  // ---------------------------------------------------------------- the register

  /** Invariants 1 and 10. */
  void chosen(Leadership before, Leadership after) {
    must(after.version() > before.version(), "1: versions rise", after);
    must(after.term() >= before.term(), "1: terms rise", after);
    String leader = leaders.putIfAbsent(after.term(), after.leader());
    must(leader == null || leader.equals(after.leader()), "1: one leader per term", after);
    if (after.leader().equals(before.leader()) || before.version() == 0) {
      return;
    }
    boolean nobodyLeft = before.inSync().stream().noneMatch(alive);
    must(
        before.inSync().contains(after.leader()) || nobodyLeft,
        "10: the leader was in sync",
        before + " -> " + after);
  }

  // ---------------------------------------------------------------- pushes

  Push made(Push push) {
    pushes.put(push.text, push);
    return push;
  }

  Iterable<Push> pushes() {
    return pushes.values();
  }

  Push push(String text) {
    return pushes.get(text);
  }

  void numbered(String text, Place place) {
    pushes.get(text).places.add(place);
  }

  /** Invariant 4, over everything that leaves any gateway. */
  void leaves(Place place, ByteString message) {
    ByteString before = left.putIfAbsent(place, message);
    must(before == null || before.equals(message), "4: same position, another message", place);
  }

  /** Invariant 6. */
  void delivered(String text, int player) {
    Push push = pushes.get(text);
    push.delivered++;
    must(push.player == player, "a push of somebody else", text);
    must(push.delivered == 1, "6: delivered twice", text);
  }

  // ---------------------------------------------------------------- requests

  /** An upstream process knows a term. */
  void termAccepted(long incarnation, long term) {
    acceptedTerms.merge(incarnation, term, Math::max);
  }

  /** A request has its effect: invariants 2 and 8. */
  void runs(long incarnation, long term, long session, long seq, String name, String answer) {
    must(
        term >= acceptedTerms.getOrDefault(incarnation, Long.MAX_VALUE),
        "2: an effect of term " + term + " where is " + acceptedTerms.get(incarnation),
        name);
    must(runs.put(new Run(incarnation, session, seq), name) == null, "8: ran twice", name);
    int times = runsOf.merge(name, 1, Integer::sum);
    must(!strict || times == 1, "8: ran twice in one failure", name);
    must(!neverRan.contains(name), "8: said not to have run", name);
    runsOf.put(answer, 0);
  }

  /** The player got an answer. */
  void answered(String name, String answer) {
    must(runsOf.containsKey(answer), "8: an answer that no run gave", answer);
    must(answer.startsWith(name + " "), "8: the answer of another request", name + ": " + answer);
  }

  /** The player was told that it did not run. */
  void didNotRun(String name) {
    neverRan.add(name);
    must(!runsOf.containsKey(name), "8: said not to have run", name);
  }

  /** The player was told that nobody knows. */
  void unknown(String name) {
    must(!strictAnswers, "8: an unknown outcome in one failure", name);
  }
}
