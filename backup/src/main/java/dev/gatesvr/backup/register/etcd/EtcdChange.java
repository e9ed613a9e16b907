package dev.gatesvr.backup.register.etcd;

import dev.gatesvr.backup.register.ArbiterException;
import dev.gatesvr.backup.register.Leadership;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One read or change, with as many attempts as its time allows. Confined to the arbiter's thread.
 */
final class EtcdChange {
  private static final long ATTEMPT_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PAUSE_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private final KV store;
  private final ByteSequence key;
  private final Leadership expected;
  private final Leadership wanted;
  private final Duration timeout;
  private final long deadlineNanos;
  private final ScheduledExecutorService thread;
  private final CompletableFuture<Leadership> outcome;
  private long pauseNanos = PAUSE_FIRST_NANOS;
  private String problem = "no answer";

  /** A change from NONE to NONE is a read. */
  EtcdChange(
      KV store,
      ByteSequence key,
      Leadership expected,
      Leadership wanted,
      Duration timeout,
      ScheduledExecutorService thread,
      CompletableFuture<Leadership> outcome) {
    this.store = store;
    this.key = key;
    this.expected = expected;
    this.wanted = wanted;
    this.timeout = timeout;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    this.thread = thread;
    this.outcome = outcome;
  }

  void start() {
    var timer = thread.schedule(this::timeOver, timeout.toNanos(), TimeUnit.NANOSECONDS);
    var unused = outcome.whenComplete((value, failure) -> timer.cancel(false));
    attempt();
  }

  private void timeOver() {
    fail(
        new ArbiterException(
            "etcd did not answer within " + timeout.toMillis() + " ms (" + problem + ")"));
  }

  /** Gives up; what was asked for may still happen. */
  void fail(ArbiterException why) {
    outcome.completeExceptionally(why);
  }

  private void attempt() {
    if (outcome.isDone()) {
      return;
    }
    then(store.get(key), this::compare);
  }

  private void compare(GetResponse response) {
    List<KeyValue> found = response.getKvs();
    Leadership held = valueOf(found);
    if (!held.equals(expected) || expected.equals(wanted)) {
      outcome.complete(held);
      return;
    }
    long revision = found.isEmpty() ? 0 : found.get(0).getModRevision();
    then(
        store
            .txn()
            .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(revision)))
            .Then(Op.put(key, EtcdArbiter.toBytes(wanted), PutOption.DEFAULT))
            .Else(Op.get(key, GetOption.DEFAULT))
            .commit(),
        this::committed);
  }

  private void committed(TxnResponse response) {
    if (response.isSucceeded()) {
      outcome.complete(wanted);
      return;
    }
    Leadership held = valueOf(response.getGetResponses().get(0).getKvs());
    if (held.equals(expected)) {
      // Somebody wrote the same again.
      again("its revision changed");
    } else {
      outcome.complete(held);
    }
  }

  private static Leadership valueOf(List<KeyValue> found) {
    return found.isEmpty() ? Leadership.NONE : EtcdArbiter.fromBytes(found.get(0).getValue());
  }

  /** What comes of an answer, on the thread; a failure is another attempt. */
  private <T> void then(CompletableFuture<T> answer, Consumer<T> next) {
    long leftNanos = Math.max(1, deadlineNanos - System.nanoTime());
    var unused =
        answer
            .orTimeout(Math.min(leftNanos, ATTEMPT_NANOS_MAX), TimeUnit.NANOSECONDS)
            .whenCompleteAsync((value, failure) -> told(value, failure, next), thread);
  }

  private <T> void told(@Nullable T value, @Nullable Throwable failure, Consumer<T> next) {
    if (outcome.isDone()) {
      return;
    }
    if (value == null) {
      again(String.valueOf(failure));
      return;
    }
    try {
      next.accept(value);
    } catch (IllegalArgumentException e) {
      outcome.completeExceptionally(
          new ArbiterException("etcd key " + key + " holds what is no register", e));
    }
  }

  private void again(String why) {
    problem = why;
    long delayNanos = pauseNanos - ThreadLocalRandom.current().nextLong(pauseNanos / 2);
    pauseNanos = Math.min(PAUSE_MAX_NANOS, 2 * pauseNanos);
    thread.schedule(this::attempt, delayNanos, TimeUnit.NANOSECONDS);
  }
}
