package dev.gatesvr.client.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The application's requests: those that have a sequence number and no answer, oldest first, and
 * those that wait behind them.
 *
 * <pre>
 *   window: [ sent on this connection | to be sent, or sent again ]   waiting: [ never sent ]
 *                                     ^ sendIndex
 * </pre>
 *
 * A refusal moves {@code sendIndex} back to the refused one (go-back-N), a resume moves it to the
 * front, a session that is gone empties the window: what may have run fails, what certainly did not
 * starts over under new numbers. The gateway runs a sequence at most once, so that sending one
 * twice is always safe.
 */
final class RequestWindow {
  private static final long RETRY_NANOS_MIN = 1_000_000;

  private final int outstandingMax;
  private final BiConsumer<Call, Outcome> ended;
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private final List<Call> window = new ArrayList<>();
  private int sendIndex;
  private long nextSeq = 1;
  private long holdUntilNanos = Long.MIN_VALUE;

  /** No later than the earliest deadline of all calls; may be earlier. */
  private long deadlineNanos = ClientCore.NEVER;

  /**
   * @param ended takes a call that leaves, with its outcome
   */
  RequestWindow(int outstandingMax, BiConsumer<Call, Outcome> ended) {
    this.outstandingMax = outstandingMax;
    this.ended = ended;
  }

  void add(Call call) {
    waiting.add(call);
    deadlineNanos = Math.min(deadlineNanos, call.deadlineNanos());
  }

  int size() {
    return window.size() + waiting.size();
  }

  int outstanding() {
    return window.size();
  }

  /** The sequence that the next new request will get. */
  long nextSeq() {
    return nextSeq;
  }

  // ---------------------------------------------------------------- sending

  /** True when a call could be sent, now or once {@link #holdUntilNanos} has passed. */
  boolean sendable() {
    return sendIndex < window.size() || (window.size() < outstandingMax && !waiting.isEmpty());
  }

  /** Before this nothing is sent, because the gateway asked for a pause. */
  long holdUntilNanos() {
    return holdUntilNanos;
  }

  /** The call to send next, with its sequence assigned, or null when none may be sent now. */
  @Nullable Call toSend(long nowNanos) {
    if (nowNanos < holdUntilNanos || !sendable()) {
      return null;
    }
    if (sendIndex == window.size()) {
      Call call = waiting.removeFirst();
      call.seq = nextSeq++;
      window.add(call);
    }
    return window.get(sendIndex);
  }

  /** The call that {@link #toSend} gave was taken by the connection. */
  void sent() {
    window.get(sendIndex).copies++;
    sendIndex++;
  }

  /** The call that {@link #toSend} gave fits no frame, and never will. */
  void tooLarge() {
    Call call = window.get(sendIndex);
    removeUnsent(sendIndex);
    end(call, new Outcome.Failed(Outcome.Failure.TOO_LARGE, false));
  }

  // ---------------------------------------------------------------- answers

  /** The gateway settled the call; returns null when it is unknown or nobody waits for it. */
  @Nullable Call settle(int msgId) {
    int index = indexOf(msgId);
    if (index < 0) {
      return null;
    }
    Call call = window.remove(index);
    if (index < sendIndex) {
      sendIndex--;
    }
    return call.abandoned ? null : call;
  }

  /**
   * The gateway did not run the call and wants it again, and everything after it.
   *
   * @param afterNanos how long to wait first
   */
  void refused(int msgId, long afterNanos, long nowNanos) {
    int index = indexOf(msgId);
    if (index < 0) {
      return;
    }
    Call call = window.get(index);
    call.copies = Math.max(0, call.copies - 1);
    sendIndex = Math.min(sendIndex, index);
    holdUntilNanos = Math.max(holdUntilNanos, nowNanos + Math.max(afterNanos, RETRY_NANOS_MIN));
    if (call.abandoned && !call.mayHaveRun()) {
      removeUnsent(index);
    }
  }

  private int indexOf(int msgId) {
    for (int i = 0; msgId != 0 && i < window.size(); i++) {
      if (window.get(i).msgId == msgId) {
        return i;
      }
    }
    return -1;
  }

  // ---------------------------------------------------------------- sessions

  /**
   * The session goes on over a new connection: everything unanswered is sent again in order.
   *
   * @param expectedSeq the gateway's next new sequence. What it does not know yet cannot have run,
   *     and is numbered from there, which changes nothing while both sides agree
   */
  void resumed(long expectedSeq) {
    rewind();
    window.stream().filter(call -> call.seq >= expectedSeq).forEach(call -> call.copies = 0);
    window.removeIf(call -> call.abandoned && !call.mayHaveRun());
    long seq = expectedSeq;
    for (Call call : window) {
      if (call.seq >= expectedSeq) {
        call.seq = seq++;
      }
    }
    nextSeq = seq;
  }

  /**
   * An old gateway took the client back and does not say what it knows: the numbering goes on, and
   * what was sent before is not sent again, because such a gateway may run it twice.
   */
  void resumedBlindly() {
    rewind();
    for (Iterator<Call> calls = window.iterator(); calls.hasNext(); ) {
      Call call = calls.next();
      if (call.mayHaveRun()) {
        calls.remove();
        end(call, new Outcome.Failed(Outcome.Failure.SESSION_LOST, true));
      }
    }
  }

  /** Another session: what may have run in the old one fails, the rest is numbered again. */
  void restarted(long firstSeq) {
    resumedBlindly();
    for (int i = window.size() - 1; i >= 0; i--) {
      Call call = window.get(i);
      call.seq = 0;
      waiting.addFirst(call);
    }
    window.clear();
    nextSeq = firstSeq;
  }

  private void rewind() {
    sendIndex = 0;
    holdUntilNanos = Long.MIN_VALUE;
  }

  /** Fails everything. */
  void close(Outcome.Failure failure) {
    window.forEach(call -> end(call, new Outcome.Failed(failure, call.mayHaveRun())));
    waiting.forEach(call -> end(call, new Outcome.Failed(failure, false)));
    window.clear();
    waiting.clear();
    sendIndex = 0;
    deadlineNanos = ClientCore.NEVER;
  }

  // ---------------------------------------------------------------- deadlines

  /** When {@link #expire} should be called; being early is harmless. */
  long deadlineNanos() {
    return deadlineNanos;
  }

  /** Gives up the calls whose deadline has passed. */
  void expire(long nowNanos) {
    if (nowNanos < deadlineNanos) {
      return;
    }
    for (int i = window.size() - 1; i >= 0; i--) {
      Call call = window.get(i);
      if (!call.abandoned && call.deadlineNanos() <= nowNanos) {
        expireSent(i, call);
      }
    }
    waiting.removeIf(call -> expireWaiting(call, nowNanos));
    deadlineNanos = ClientCore.NEVER;
    for (Call call : window) {
      if (!call.abandoned) {
        deadlineNanos = Math.min(deadlineNanos, call.deadlineNanos());
      }
    }
    for (Call call : waiting) {
      deadlineNanos = Math.min(deadlineNanos, call.deadlineNanos());
    }
  }

  private void expireSent(int index, Call call) {
    end(call, new Outcome.Failed(Outcome.Failure.DEADLINE, call.mayHaveRun()));
    call.abandoned = true;
    if (!call.mayHaveRun()) {
      removeUnsent(index);
    }
  }

  private boolean expireWaiting(Call call, long nowNanos) {
    boolean expired = call.deadlineNanos() <= nowNanos;
    if (expired) {
      end(call, new Outcome.Failed(Outcome.Failure.DEADLINE, false));
    }
    return expired;
  }

  /**
   * Takes out a call that certainly did not run, so that its sequence is still free: those after it
   * move down by one. They cannot have run either, since the gateway takes sequences in order.
   */
  private void removeUnsent(int index) {
    window.remove(index);
    for (Call later : window.subList(index, window.size())) {
      later.seq--;
    }
    nextSeq--;
    sendIndex = Math.min(sendIndex, index);
  }

  private void end(Call call, Outcome outcome) {
    if (!call.abandoned) {
      ended.accept(call, outcome);
    }
  }
}
