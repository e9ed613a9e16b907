package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.ArbiterException;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.Message;
import dev.gatesvr.backup.register.Round;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One change of the register, with as many rounds as it takes within its time. A change from NONE
 * to NONE is a read. Confined to the arbiter's loop.
 */
final class Change {
  /** Two that overtake one another draw lots, from ever more. */
  private static final long BACKOFF_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final long BACKOFF_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(64);

  private final Electorate electorate;
  private final Leadership expected;
  private final Leadership wanted;
  private final Duration timeout;
  private final long deadlineNanos;
  private final CompletableFuture<Leadership> outcome;
  private @Nullable Canvass canvass;
  private Round round;
  private long backoffNanos = BACKOFF_FIRST_NANOS;
  private int overtaken;

  /**
   * Begins.
   *
   * @param standing promises collected beforehand, or null
   * @param outcome completed on the loop
   */
  Change(
      Electorate electorate,
      Leadership expected,
      Leadership wanted,
      Duration timeout,
      @Nullable Standing standing,
      CompletableFuture<Leadership> outcome) {
    this.electorate = electorate;
    this.expected = expected;
    this.wanted = wanted;
    this.timeout = timeout;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    this.outcome = outcome;
    this.round = standing == null ? newRound() : standing.round(expected, wanted);
    var timer = electorate.loop().schedule(this::timeOver, timeout.toNanos(), TimeUnit.NANOSECONDS);
    outcome.whenComplete((value, failure) -> timer.cancel(false));
    proceed();
  }

  private Round newRound() {
    return Round.change(electorate.nextBallot(), expected, wanted, electorate.size());
  }

  /** Does what the round's phase asks for. */
  private void proceed() {
    Canvass before = canvass;
    if (before != null) {
      before.stop();
    }
    switch (round.phase()) {
      case PREPARING, ACCEPTING -> ask();
      case DONE -> outcome.complete(round.value());
      case OVERTAKEN -> again();
    }
  }

  private void ask() {
    Message.Request request = round.request().orElseThrow();
    Canvass begun = new Canvass(electorate, request, deadlineNanos, this::onAnswer);
    canvass = begun;
    begun.start();
  }

  private void onAnswer(int witness, Message.Answer answer) {
    Round.Phase before = round.phase();
    round = round.on(witness, answer);
    if (round.phase() != before && !outcome.isDone()) {
      proceed();
    }
  }

  private void again() {
    electorate.saw(round.above());
    overtaken++;
    if (overtaken == 1) {
      // Mostly old promises of one who wants nothing now.
      retry();
      return;
    }
    long delayNanos = ThreadLocalRandom.current().nextLong(backoffNanos);
    backoffNanos = Math.min(BACKOFF_MAX_NANOS, 2 * backoffNanos);
    electorate.loop().schedule(this::retry, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void retry() {
    if (!outcome.isDone()) {
      round = newRound();
      proceed();
    }
  }

  /** Gives up; what was asked for may still happen. */
  void end(ArbiterException why) {
    Canvass last = canvass;
    if (last != null) {
      last.stop();
    }
    outcome.completeExceptionally(why);
  }

  private void timeOver() {
    Canvass last = canvass;
    StringBuilder why = new StringBuilder();
    if (last != null) {
      last.problems()
          .forEach(
              (witness, problem) ->
                  why.append(", ")
                      .append(electorate.line(witness).address())
                      .append(": ")
                      .append(problem));
    }
    end(
        new ArbiterException(
            "no majority of the "
                + electorate.size()
                + " witnesses within "
                + timeout.toMillis()
                + " ms ("
                + round.phase()
                + ", overtaken "
                + overtaken
                + " times"
                + why
                + ")"));
  }
}
