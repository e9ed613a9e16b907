package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UpstreamResponse;

/**
 * What a session has under one sequence: a run, or its answer.
 *
 * @param <W> who waits for an answer
 */
sealed interface Slot<W> permits Running, Slot.Done {
  /**
   * An answer.
   *
   * @param bytes what it counts
   * @param doneNanos when it was given
   */
  record Done<W>(UpstreamResponse response, long bytes, long doneNanos) implements Slot<W> {}
}
