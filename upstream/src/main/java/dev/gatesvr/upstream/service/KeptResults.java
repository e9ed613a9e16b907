package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UpstreamResponse;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A {@link ResultWindow} for many threads: one lock, held for map operations only, and the clock.
 *
 * @param <W> who waits for an answer
 */
final class KeptResults<W> {
  private final ReentrantLock lock = new ReentrantLock();
  private final ResultWindow<W> window;

  KeptResults(ResultWindow<W> window) {
    this.window = window;
  }

  Decision<W> begin(Arrival arrival, W waiter) {
    lock.lock();
    try {
      return window.begin(arrival, waiter, System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  List<W> finish(Running<W> running, UpstreamResponse response) {
    lock.lock();
    try {
      return window.finish(running, response, System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  List<W> abandon(Running<W> running) {
    lock.lock();
    try {
      return window.abandon(running);
    } finally {
      lock.unlock();
    }
  }

  List<W> abandonIfAll(Running<W> running, Predicate<W> gone) {
    lock.lock();
    try {
      return window.abandonIfAll(running, gone);
    } finally {
      lock.unlock();
    }
  }
}
