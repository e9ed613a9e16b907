package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.Message;
import dev.gatesvr.backup.register.Round;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One gateway's way to the register: real rounds over a bad network, one at a time. */
final class SimRegister {
  private static final long MILLI = 1_000_000;
  private static final long REPEAT_NANOS = 20 * MILLI;
  private static final long TIMEOUT_NANOS = 250 * MILLI;

  private final SimNet net;
  private final SimProcess process;
  private final List<SimWitness> witnesses;
  private final String me;
  private Ballot highest = Ballot.NONE;
  private @Nullable Round round;
  private Leadership expected = Leadership.NONE;
  private Leadership wanted = Leadership.NONE;
  private Consumer<@Nullable Leadership> outcome = value -> {};
  private long questions;
  private long asks;
  private int answered;

  SimRegister(SimNet net, SimProcess process, List<SimWitness> witnesses, String me) {
    this.net = net;
    this.process = process;
    this.witnesses = witnesses;
    this.me = me;
  }

  /** A change from NONE to NONE is a read; null is told when the outcome is unknown. */
  void change(Leadership from, Leadership to, Consumer<@Nullable Leadership> told) {
    expected = from;
    wanted = to;
    outcome = told;
    long mine = ++questions;
    newRound();
    process.after(TIMEOUT_NANOS, () -> over(mine));
  }

  private void over(long question) {
    if (round != null && question == questions) {
      finish(null);
    }
  }

  private void finish(@Nullable Leadership value) {
    round = null;
    asks++;
    outcome.accept(value);
  }

  private void newRound() {
    highest = highest.next(me);
    round = Round.change(highest, expected, wanted, witnesses.size());
    ask();
  }

  private void ask() {
    asks++;
    answered = 0;
    send(asks);
  }

  private void send(long ask) {
    Round now = round;
    if (now == null || ask != asks) {
      return;
    }
    Message.Request request = now.request().orElseThrow();
    for (int i = 0; i < witnesses.size(); i++) {
      if ((answered & 1 << i) == 0) {
        send(ask, i, request);
      }
    }
    process.after(REPEAT_NANOS, () -> send(ask));
  }

  private void send(long ask, int index, Message.Request request) {
    SimWitness witness = witnesses.get(index);
    SimProcess there = witness.process;
    net.carry(
        process,
        there,
        () -> {
          Message.Answer answer = witness.on(request);
          net.carry(there, process, () -> answer(ask, index, answer));
        });
  }

  private void answer(long ask, int index, Message.Answer answer) {
    Round before = round;
    if (answer instanceof Message.Rejected rejected && rejected.promised().compareTo(highest) > 0) {
      highest = rejected.promised();
    }
    if (before == null || ask != asks) {
      return;
    }
    answered |= 1 << index;
    Round after = before.on(index, answer);
    round = after;
    if (after.phase() == before.phase()) {
      return;
    }
    switch (after.phase()) {
      case PREPARING, ACCEPTING -> ask();
      case DONE -> finish(after.value());
      case OVERTAKEN -> {
        asks++;
        long question = questions;
        process.after(
            net.time.random().nextLong(10 * MILLI),
            () -> {
              if (round != null && question == questions) {
                newRound();
              }
            });
      }
    }
  }
}
