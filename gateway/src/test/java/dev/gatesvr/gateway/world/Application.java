package dev.gatesvr.gateway.world;

import static dev.gatesvr.gateway.world.World.must;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.client.core.Call;
import dev.gatesvr.client.core.Inbound;
import dev.gatesvr.client.core.Outcome;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one run of an application was told, checked while it is told. */
final class Application {
  private static final int LATELY_MAX = 40;

  private final String name;
  private final World world;

  /** What it has of one session's history. */
  private static final class History {
    /** Everything up to here was given or declared missing. */
    long given;

    long handled;
    final Set<Long> missing = new HashSet<>();
  }

  private final Map<SimSession, History> histories = new HashMap<>();
  private final Map<Integer, SimSession> ofGeneration = new HashMap<>();
  private final Map<Call, String> names = new HashMap<>();
  private final Map<String, String> outcomes = new HashMap<>();
  private final Set<String> certainlyNotRun = new HashSet<>();
  private @Nullable SimSession current;
  private boolean toldOfLoss = true;
  private boolean kicked;
  private boolean closed;
  private int requests;
  private final ArrayDeque<String> lately = new ArrayDeque<>();

  Application(String name, World world) {
    this.name = name;
    this.world = world;
  }

  String newRequest() {
    return name + "#" + requests++;
  }

  int requests() {
    return requests;
  }

  /** Keeps the newest things it was told, for whoever reads a failure. */
  private void note(String line) {
    if (lately.size() == LATELY_MAX) {
      lately.remove();
    }
    lately.add(world.time().nowNanos() / 1_000 + " us: " + line);
  }

  private String lately() {
    return name + "\n" + String.join("\n", lately) + "\n";
  }

  // ---------------------------------------------------------------- told by the client

  /** The client was told which session it has; the core hears of it next. */
  void attachedTo(SimSession session) {
    note("attached to " + session);
    if (session != current) {
      History before = current == null ? null : histories.get(current);
      // Whether it must be told is known once the core has had its say.
      toldOfLoss = before == null;
      current = session;
      histories.putIfAbsent(session, new History());
    }
  }

  void given(Inbound inbound) {
    note(inbound.toString());
    must(!closed, "something after Closed", inbound);
    must(
        !kicked || inbound instanceof Inbound.Closed || isLocal(inbound),
        "something after a kick",
        inbound);
    switch (inbound) {
      case Inbound.Pushed pushed -> give(pushed.position(), Texts.of(pushed.push()));
      case Inbound.Missed missed -> miss(missed);
      case Inbound.Ended ended -> end(ended);
      case Inbound.Skipped skipped -> give(skipped.position(), null);
      case Inbound.Complained complained -> giveIfPlaced(complained.position());
      case Inbound.Resynced resynced -> toldOfLoss = true;
      case Inbound.KickedOut out -> kicked = true;
      case Inbound.Closed end -> closed = true;
      default -> {}
    }
  }

  private static boolean isLocal(Inbound inbound) {
    return inbound instanceof Inbound.StateChanged || inbound instanceof Inbound.Ended;
  }

  private void giveIfPlaced(Inbound.Position position) {
    if (position.seq() != 0) {
      give(position, null);
    }
  }

  private void give(Inbound.Position position, @Nullable String text) {
    SimSession session = sessionAt(position);
    History history = historyOf(session);
    must(position.seq() == history.given + 1, "lost, repeated or reordered", position);
    history.given = position.seq();
    if (text != null) {
      must(text.equals(session.ledger.text(position.seq())), "not the message of its place", text);
    }
  }

  private void miss(Inbound.Missed missed) {
    SimSession session = sessionAt(missed.position());
    History history = historyOf(session);
    long last = missed.position().seq();
    assertThat(last).as("a gap that brings it on").isGreaterThan(history.given);
    assertThat(missed.firstSeq()).as("contiguous").isLessThanOrEqualTo(history.given + 1);
    for (long seq = history.given + 1; seq <= last; seq++) {
      session.ledger.checkMayBeMissing(seq);
      history.missing.add(seq);
    }
    history.given = last;
    world.count("gap");
  }

  private SimSession sessionAt(Inbound.Position position) {
    SimSession now = current;
    if (now == null) {
      throw new AssertionError("a message without a session");
    }
    SimSession bound = ofGeneration.putIfAbsent(position.generation(), now);
    must(bound == null || bound == now, "one history of two sessions", position);
    must(toldOfLoss, "another session began and nobody said so", now);
    return now;
  }

  private History historyOf(SimSession session) {
    History history = histories.get(session);
    if (history == null) {
      throw new IllegalStateException("no history of " + session);
    }
    return history;
  }

  void handled(Inbound.Position position) {
    SimSession session = ofGeneration.get(position.generation());
    if (session != null) {
      History history = historyOf(session);
      history.handled = Math.max(history.handled, position.seq());
    }
  }

  long handledIn(SimSession session) {
    History history = histories.get(session);
    return history == null ? 0 : history.handled;
  }

  // ---------------------------------------------------------------- requests

  void called(Call call, String request) {
    names.put(call, request);
  }

  private void end(Inbound.Ended ended) {
    String request = names.get(ended.call());
    if (request == null) {
      throw new AssertionError("not a call of this application");
    }
    giveIfPlaced(ended.position());
    assertThat(outcomes.put(request, "ended")).as("%s ended twice", request).isNull();
    switch (ended.outcome()) {
      case Outcome.Answered answered -> {
        assertThat(Texts.of(answered.payload())).isEqualTo("done " + request);
        assertThat(world.gateway().zone().runsOf(request)).as("runs of %s", request).isOne();
      }
      case Outcome.Refused refused -> {
        if (!refused.error().getOutcomeUnknown()) {
          certainlyNotRun.add(request);
        }
      }
      case Outcome.Failed failed -> {
        if (!failed.mayHaveRun()) {
          certainlyNotRun.add(request);
        }
      }
    }
  }

  // ---------------------------------------------------------------- at rest

  /** Every request has its outcome. */
  boolean atRest() {
    return outcomes.size() == requests;
  }

  /** Everything that was accepted for this application arrived, or it was told otherwise. */
  void checkAtRest(boolean alive) {
    for (String request : certainlyNotRun) {
      assertThat(world.gateway().zone().runsOf(request)).as("ran after all: %s", request).isZero();
    }
    assertThat(outcomes.size()).as("every request ended: %s", lately()).isEqualTo(requests);
    SimSession now = current;
    if (alive && now != null) {
      assertThat(toldOfLoss).as("told that its session is another one: %s", lately()).isTrue();
      assertThat(historyOf(now).given)
          .as("everything arrived: %s", lately())
          .isEqualTo(now.ledger.size());
      assertThat(now.core.ackedSeq()).as("and was acknowledged").isEqualTo(now.core.lastSeq());
    } else if (!alive) {
      assertThat(closed).as("told of its end").isTrue();
    }
  }
}
