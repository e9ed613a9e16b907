package dev.gatesvr.upstream.service;

import dev.gatesvr.upstream.grpc.PushErrors;
import dev.gatesvr.upstream.service.PushResult.Outcome;

/** How one round over the gateways ended for a push. */
sealed interface Offered {
  /** It has its outcome. */
  record Settled(PushResult result) implements Offered {}

  /** Nobody keeps it, for a pair has no gateway that leads. A later round may end otherwise. */
  record Leaderless() implements Offered {}

  /** The gateway it was sent to, alone, is not the one. Nobody keeps it. */
  record Diverted() implements Offered {}

  /** What an author is told of a push that found no gateway that leads. */
  static PushResult notPrimary(String why) {
    return new PushResult(Outcome.REFUSED, "", why, PushErrors.NOT_PRIMARY);
  }
}
