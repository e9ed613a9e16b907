package dev.gatesvr.upstream.service.witness;

import dev.gatesvr.proto.LeadershipValue;
import dev.gatesvr.proto.WitnessAnswer;
import dev.gatesvr.proto.WitnessBallot;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes votes from any thread and answers each once it is on disk, on the thread {@code
 * witness-disk}. Requests that wait together are written together.
 */
final class VoteDesk {
  private static final Logger log = LoggerFactory.getLogger(VoteDesk.class);

  /**
   * One request.
   *
   * @param value null to prepare, else what to accept
   */
  record Ask(
      String pair,
      WitnessBallot ballot,
      @Nullable LeadershipValue value,
      StreamObserver<WitnessAnswer> asker) {}

  private record Answer(Ask ask, Vote before, Vote after) {}

  /** Ends the wait for a request; an interrupt would break a write under way. */
  private static final Ask WAKE =
      new Ask(
          "",
          WitnessBallot.getDefaultInstance(),
          null,
          new StreamObserver<>() {
            @Override
            public void onNext(WitnessAnswer answer) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onCompleted() {}
          });

  private final VoteStore store;
  private final BiConsumer<String, Vote> observer;
  private final BlockingQueue<Ask> waiting = new ArrayBlockingQueue<>(WitnessLimits.WAITING_MAX);
  private final Thread thread;
  private volatile boolean closing;
  private @Nullable IOException broken;

  /**
   * Begins to write.
   *
   * @param observer told of every pair and vote whose accepted value changed, once it is on disk
   */
  VoteDesk(VoteStore store, BiConsumer<String, Vote> observer) {
    this.store = store;
    this.observer = observer;
    this.thread = new DefaultThreadFactory("witness-disk", true).newThread(this::run);
    thread.start();
  }

  /** Takes a request, or refuses it when too many wait. */
  void ask(Ask ask) {
    if (!waiting.offer(ask)) {
      ask.asker.onError(
          Status.RESOURCE_EXHAUSTED
              .withDescription(WitnessLimits.WAITING_MAX + " votes wait for the disk")
              .asRuntimeException());
    }
  }

  private void run() {
    List<Ask> batch = new ArrayList<>();
    try {
      while (!closing) {
        batch.add(waiting.take());
        waiting.drainTo(batch);
        batch.remove(WAKE);
        serve(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      log.debug("the witness stops");
    } finally {
      closeStore();
    }
  }

  private void serve(List<Ask> batch) {
    Map<String, Vote> next = store.votes();
    List<Answer> answers = new ArrayList<>(batch.size());
    for (Ask ask : batch) {
      Vote before = next.get(ask.pair);
      if (before == null && next.size() >= WitnessLimits.PAIRS_MAX) {
        refuse(ask, Status.RESOURCE_EXHAUSTED, "more than " + WitnessLimits.PAIRS_MAX + " pairs");
        continue;
      }
      Vote held = before == null ? Vote.EMPTY : before;
      Vote after =
          ask.value == null ? held.prepare(ask.ballot) : held.accept(ask.ballot, ask.value);
      next.put(ask.pair, after);
      answers.add(new Answer(ask, held, after));
    }
    if (written(next)) {
      answers.forEach(this::answer);
    } else {
      answers.forEach(
          answer -> refuse(answer.ask, Status.UNAVAILABLE, "the witness cannot write: " + broken));
    }
  }

  private boolean written(Map<String, Vote> next) {
    if (broken != null) {
      return false;
    }
    if (next.equals(store.votes())) {
      return true;
    }
    try {
      store.replace(next);
      return true;
    } catch (IOException e) {
      log.error("the witness cannot write its votes and takes no further part", e);
      broken = e;
      return false;
    }
  }

  private void answer(Answer answer) {
    Vote after = answer.after;
    WitnessAnswer message =
        WitnessAnswer.newBuilder()
            .setWitnessId(store.id())
            .setRejected(answer.before.refuses(answer.ask.ballot))
            .setPromised(after.promised())
            .setAcceptedAt(after.acceptedAt())
            .setValue(after.value())
            .build();
    try {
      answer.ask.asker.onNext(message);
      answer.ask.asker.onCompleted();
    } catch (RuntimeException e) {
      log.debug("a gateway left before its answer", e);
    }
    if (!answer.before.acceptedAt().equals(after.acceptedAt())) {
      observer.accept(answer.ask.pair, after);
    }
  }

  private static void refuse(Ask ask, Status status, String why) {
    try {
      ask.asker.onError(status.withDescription(why).asRuntimeException());
    } catch (RuntimeException e) {
      log.debug("a gateway left before its refusal", e);
    }
  }

  private void closeStore() {
    try {
      store.close();
    } catch (IOException e) {
      log.warn("the witness directory was not given back", e);
    }
  }

  /** Ends the thread; what still waits is not answered. */
  void close() throws InterruptedException {
    closing = true;
    // A full queue wakes it too.
    boolean unused = waiting.offer(WAKE);
    thread.join(2_000);
  }
}
