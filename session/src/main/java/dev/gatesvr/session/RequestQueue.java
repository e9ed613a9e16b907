package dev.gatesvr.session;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests accepted and not yet answered, oldest first; the first of them may be running. Counts
 * what their answers will need in the ring, so that there is always room for them.
 */
final class RequestQueue {
  private @Nullable ArrayDeque<PendingRequest> pending;
  private boolean running;
  private long bytes;
  private long boundBytes;
  private int boundCount;

  /** Requests accepted and not yet answered. */
  int size() {
    return pending == null ? 0 : pending.size();
  }

  /** Their bytes. */
  long bytes() {
    return bytes;
  }

  /** Ring places their answers and bound pushes will take. */
  int reservedPlaces() {
    return size() + boundCount;
  }

  /** Bytes of the pushes bound to them. */
  long boundBytes() {
    return boundBytes;
  }

  void add(PendingRequest request) {
    if (pending == null) {
      pending = new ArrayDeque<>(4);
    }
    pending.add(request);
    bytes += request.bytes();
  }

  /** The request that should start now, or null when one runs or none waits. */
  @Nullable PendingRequest startable() {
    return running || pending == null ? null : pending.peekFirst();
  }

  void markRunning() {
    running = true;
  }

  @Nullable PendingRequest find(long clientSeq) {
    if (pending != null) {
      for (PendingRequest request : pending) {
        if (request.clientSeq() == clientSeq) {
          return request;
        }
      }
    }
    return null;
  }

  /** The sequence of the oldest request, or {@code otherwise} without one. */
  long oldestSeq(long otherwise) {
    return pending == null ? otherwise : pending.getFirst().clientSeq();
  }

  void bind(PendingRequest request, PendingRequest.BoundPush push, int pushBytes) {
    request.bind(push, pushBytes);
    boundCount++;
    boundBytes += pushBytes;
  }

  /** All of them, oldest first. */
  Iterable<PendingRequest> all() {
    return pending == null ? List.of() : pending;
  }

  /** Takes out a request of a replica, where none runs. */
  void forgetPending(PendingRequest request) {
    if (running) {
      throw new IllegalStateException("a request runs (expected: a replica)");
    }
    remove(request);
  }

  /**
   * Takes the running request out.
   *
   * @throws IllegalStateException when another one runs, or none
   */
  PendingRequest complete(long clientSeq) {
    ArrayDeque<PendingRequest> queue = pending;
    PendingRequest first = queue == null ? null : queue.peekFirst();
    if (queue == null || first == null || !running || first.clientSeq() != clientSeq) {
      throw new IllegalStateException("reply to request " + clientSeq + ", which is not running");
    }
    queue.removeFirst();
    forget(first);
    running = false;
    return first;
  }

  /** The oldest request that has not started, or null. */
  @Nullable PendingRequest oldestWaiting() {
    if (pending == null) {
      return null;
    }
    Iterator<PendingRequest> oldestFirst = pending.iterator();
    if (running) {
      oldestFirst.next();
    }
    return oldestFirst.hasNext() ? oldestFirst.next() : null;
  }

  /** Takes out a request that has not started. */
  void remove(PendingRequest waiting) {
    if (pending == null || !pending.remove(waiting)) {
      throw new IllegalStateException("request " + waiting.clientSeq() + " does not wait");
    }
    forget(waiting);
  }

  /** Takes out the next request that has not started, or null. */
  @Nullable PendingRequest dropWaiting() {
    if (pending == null || pending.size() == (running ? 1 : 0)) {
      return null;
    }
    PendingRequest last = pending.removeLast();
    forget(last);
    return last;
  }

  private void forget(PendingRequest request) {
    bytes -= request.bytes();
    boundBytes -= request.boundBytes();
    boundCount -= request.boundCount();
    if (size() == 0) {
      pending = null;
    }
  }
}
