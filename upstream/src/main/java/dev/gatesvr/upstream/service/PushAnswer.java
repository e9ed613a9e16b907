package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.grpc.PushErrors;
import dev.gatesvr.upstream.service.PushResult.Outcome;

/**
 * What one gateway made of one push.
 *
 * @param pair of the gateway that answered, empty when it has none or did not answer
 */
record PushAnswer(Kind kind, PushResult result, String pair) {
  /** What follows from it. */
  enum Kind {
    /** It is the outcome: taken, or nobody knows. */
    FINAL,
    /** This gateway refused it, and it may speak for its pair. */
    REFUSED,
    /** This gateway certainly does not keep it, and does not lead its pair. */
    NOT_PRIMARY,
    /** It never left this process. */
    NOT_SENT
  }

  /** The call ended without an answer. */
  static PushAnswer lost(String gateway, Throwable failure, boolean sent) {
    return sent
        ? new PushAnswer(
            Kind.FINAL, new PushResult(Outcome.UNKNOWN, gateway, failure.toString(), ""), "")
        : new PushAnswer(
            Kind.NOT_SENT,
            new PushResult(Outcome.UNREACHABLE, gateway, failure.toString(), ""),
            "");
  }

  /**
   * Reads an answer.
   *
   * @param deposed whether it carries a lower term than the highest known of its pair; then it
   *     acknowledges nothing and speaks for nobody
   */
  static PushAnswer of(String gateway, UnicastPushResponse response, boolean deposed) {
    PushResult said = PushResult.of(gateway, response);
    String pair = response.getGatewayPair();
    if (said.outcome() != Outcome.REFUSED) {
      return new PushAnswer(Kind.FINAL, deposed ? outdated(said) : said, pair);
    }
    return switch (said.errorCode()) {
      case PushErrors.NOT_PRIMARY -> new PushAnswer(Kind.NOT_PRIMARY, said, pair);
      // A fault in the middle of it may have kept it.
      case PushErrors.INTERNAL ->
          deposed
              ? new PushAnswer(Kind.FINAL, outdated(said), pair)
              : new PushAnswer(Kind.REFUSED, said, pair);
      default -> new PushAnswer(deposed ? Kind.NOT_PRIMARY : Kind.REFUSED, said, pair);
    };
  }

  private static PushResult outdated(PushResult said) {
    return new PushResult(
        Outcome.UNKNOWN,
        said.gateway(),
        "answered by a gateway that another one of its pair had deposed: " + said.message(),
        said.errorCode());
  }
}
