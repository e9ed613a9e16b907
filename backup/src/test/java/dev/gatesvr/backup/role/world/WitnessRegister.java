package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.Message;
import dev.gatesvr.backup.register.Round;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The proposer of one process. */
final class WitnessRegister implements Register {
  private static final long TIMEOUT_NANOS = 150 * Net.MS;
  private static final long REPEAT_NANOS = 20 * Net.MS;

  private final PairWorld world;
  private final Proc proc;
  private Ballot highest = Ballot.NONE;
  private @Nullable Attempt current;

  WitnessRegister(PairWorld world, Proc proc) {
    this.world = world;
    this.proc = proc;
  }

  /** One change, in as many rounds as it takes. */
  private final class Attempt {
    private final Leadership expected;
    private final Leadership wanted;
    private final Consumer<@Nullable Leadership> answer;
    private Round round;
    private boolean over;

    Attempt(Leadership expected, Leadership wanted, Consumer<@Nullable Leadership> answer) {
      this.expected = expected;
      this.wanted = wanted;
      this.answer = answer;
      round = newRound();
    }

    private Round newRound() {
      highest = highest.next(proc.incarnation);
      return Round.change(highest, expected, wanted, world.witnesses.count());
    }

    void ask() {
      if (over) {
        return;
      }
      round.request().ifPresent(this::send);
      Round asked = round;
      world.time.after(
          REPEAT_NANOS,
          () ->
              proc.post(
                  () -> {
                    if (round.ballot().equals(asked.ballot()) && round.phase() == asked.phase()) {
                      ask();
                    }
                  }));
    }

    private void send(Message.Request request) {
      for (int i = 0; i < world.witnesses.count(); i++) {
        int witness = i;
        world.witnesses.ask(
            proc.place, witness, request, reply -> proc.post(() -> on(witness, reply)));
      }
    }

    private void on(int witness, Message.Answer reply) {
      if (over) {
        return;
      }
      Round.Phase before = round.phase();
      round = round.on(witness, reply);
      if (round.phase() == before) {
        return;
      }
      switch (round.phase()) {
        case PREPARING -> {}
        case ACCEPTING -> ask();
        case DONE -> end(round.value());
        case OVERTAKEN -> {
          highest = highest.compareTo(round.above()) < 0 ? round.above() : highest;
          world.time.after(
              world.time.random().nextInt(20) * Net.MS,
              () ->
                  proc.post(
                      () -> {
                        round = newRound();
                        ask();
                      }));
        }
      }
    }

    void end(@Nullable Leadership value) {
      if (!over) {
        over = true;
        answer.accept(value);
      }
    }
  }

  @Override
  public void change(
      Leadership expected, Leadership wanted, Consumer<@Nullable Leadership> answer) {
    Attempt attempt = new Attempt(expected, wanted, answer);
    if (current != null && !current.over) {
      throw new AssertionError("two questions at a time by " + proc.incarnation);
    }
    current = attempt;
    world.time.after(TIMEOUT_NANOS, () -> proc.post(() -> attempt.end(null)));
    attempt.ask();
  }
}
