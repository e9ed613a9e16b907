package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UpstreamResponse;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an arrived request.
 *
 * @param <W> who waits for an answer
 */
sealed interface Decision<W> {
  /** It runs; the caller owes the window one {@code finish} or {@code abandon}. */
  record Run<W>(Running<W> running) implements Decision<W> {}

  /**
   * Another copy runs and this one gets its answer too.
   *
   * @param displaced an older copy that waits no more because too many do, else null
   */
  record Joined<W>(@Nullable W displaced) implements Decision<W> {}

  /** It ran; this was the answer. */
  record Kept<W>(UpstreamResponse response) implements Decision<W> {}

  /**
   * It may have run, and the answer is not known here.
   *
   * @param why one line for people
   */
  record Unknown<W>(String why) implements Decision<W> {}
}
