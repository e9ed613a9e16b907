package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.backup.register.Message;
import dev.gatesvr.proto.WitnessAnswer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request to every witness, repeated to those that fail to answer, until it is stopped or its
 * time is over. Confined to the arbiter's loop.
 */
final class Canvass {
  private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Told of each answer. */
  interface Listener {
    void onAnswer(int witness, Message.Answer answer);
  }

  private final Electorate electorate;
  private final Message.Request request;
  private final long deadlineNanos;
  private final Listener listener;
  private final Map<Integer, String> problems = new TreeMap<>();
  private boolean stopped;

  Canvass(Electorate electorate, Message.Request request, long deadlineNanos, Listener listener) {
    this.electorate = electorate;
    this.request = request;
    this.deadlineNanos = deadlineNanos;
    this.listener = listener;
    for (int witness = 0; witness < electorate.size(); witness++) {
      problems.put(witness, "no answer");
    }
  }

  void start() {
    for (int witness = 0; witness < electorate.size(); witness++) {
      ask(witness);
    }
  }

  void stop() {
    stopped = true;
  }

  /** What came instead of an answer, by witness. */
  Map<Integer, String> problems() {
    return problems;
  }

  private void ask(int witness) {
    long leftNanos = deadlineNanos - System.nanoTime();
    if (stopped || leftNanos <= 0) {
      return;
    }
    electorate
        .line(witness)
        .ask(request, leftNanos, (answer, failure) -> answered(witness, answer, failure));
  }

  private void answered(int witness, @Nullable WitnessAnswer answer, @Nullable Throwable failure) {
    if (stopped) {
      return;
    }
    if (answer == null) {
      problems.put(witness, String.valueOf(failure == null ? null : failure.getMessage()));
      electorate.loop().schedule(() -> ask(witness), REPEAT_NANOS, TimeUnit.NANOSECONDS);
    } else if (electorate.recognise(witness, answer.getWitnessId())) {
      problems.remove(witness);
      electorate.saw(Ballots.fromWire(answer.getPromised()));
      listener.onAnswer(witness, read(answer));
    } else {
      problems.put(witness, "it is the same as another");
    }
  }

  private Message.Answer read(WitnessAnswer answer) {
    Ballot ballot = request.ballot();
    if (answer.getRejected()) {
      return new Message.Rejected(ballot, Ballots.fromWire(answer.getPromised()));
    }
    return switch (request) {
      case Message.Prepare prepare ->
          new Message.Promise(
              ballot,
              Ballots.fromWire(answer.getAcceptedAt()),
              LeadershipWire.fromWire(answer.getValue()));
      case Message.Accept accept -> new Message.Accepted(ballot);
    };
  }
}
