package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.Message;
import dev.gatesvr.backup.register.Round;
import java.util.Map;
import java.util.TreeMap;

/**
 * Promises collected before there is anything to change. They may be void by the time they are
 * used: then the witnesses refuse the ballot. Confined to the arbiter's loop.
 */
final class Standing {
  private final Electorate electorate;
  private final Ballot ballot;
  private final Canvass canvass;
  private final Map<Integer, Message.Answer> promises = new TreeMap<>();
  private volatile boolean ready;

  /** Begins to collect, until {@code deadlineNanos} at the latest. */
  Standing(Electorate electorate, long deadlineNanos) {
    this.electorate = electorate;
    this.ballot = electorate.nextBallot();
    this.canvass =
        new Canvass(electorate, new Message.Prepare(ballot), deadlineNanos, this::onAnswer);
    canvass.start();
  }

  private void onAnswer(int witness, Message.Answer answer) {
    promises.put(witness, answer);
    ready =
        promises.values().stream().filter(Message.Promise.class::isInstance).count()
            > electorate.size() / 2;
  }

  /** True when a majority promised; any thread. */
  boolean ready() {
    return ready;
  }

  /** A round with these promises in it; the collecting ends. */
  Round round(Leadership expected, Leadership wanted) {
    canvass.stop();
    Round round = Round.change(ballot, expected, wanted, electorate.size());
    for (Map.Entry<Integer, Message.Answer> promise : promises.entrySet()) {
      round = round.on(promise.getKey(), promise.getValue());
    }
    return round;
  }

  void stop() {
    canvass.stop();
  }
}
