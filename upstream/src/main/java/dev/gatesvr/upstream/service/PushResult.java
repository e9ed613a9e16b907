package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.grpc.PushErrors;

/**
 * What became of a push.
 *
 * @param outcome the short answer
 * @param gateway the gateway that gave it, empty when there was none to ask
 * @param message one line for people
 * @param errorCode the gateway's code when it refused, else empty
 */
public record PushResult(Outcome outcome, String gateway, String message, String errorCode) {
  /** The short answer. */
  public enum Outcome {
    /** Handed to the player's connection; kept until the player acknowledges it. */
    DELIVERED(true),
    /** Kept in the session: the player is away, or its connection is full. */
    QUEUED(true),
    /** Waits for the answer of the request it is bound to. */
    BOUND(true),
    /** The player has no session; kept for the next one, for a time. */
    STORED(true),
    /** A gateway took it and does not say more, as GateSvr's do. */
    ACCEPTED(true),
    /** Every gateway that could be asked refused it, usually because it has no such player. */
    REFUSED(false),
    /** No gateway was connected: nothing was sent. */
    UNREACHABLE(false),
    /** It was sent and no answer came that counts: the player may get it. */
    UNKNOWN(false);

    private final boolean accepted;

    Outcome(boolean accepted) {
      this.accepted = accepted;
    }
  }

  /** True when a gateway keeps it for the player. */
  public boolean accepted() {
    return outcome.accepted;
  }

  static PushResult of(String gateway, UnicastPushResponse response) {
    return new PushResult(
        outcomeOf(response), gateway, response.getMessage(), response.getErrorCode());
  }

  private static Outcome outcomeOf(UnicastPushResponse response) {
    if (!response.getSuccess()) {
      // Said by a gateway that was deposed while it had the push.
      return response.getErrorCode().equals(PushErrors.OUTCOME_UNKNOWN)
          ? Outcome.UNKNOWN
          : Outcome.REFUSED;
    }
    return switch (response.getOutcome()) {
      case PUSH_DELIVERED -> Outcome.DELIVERED;
      case PUSH_QUEUED -> Outcome.QUEUED;
      case PUSH_BOUND -> Outcome.BOUND;
      case PUSH_STORED -> Outcome.STORED;
      // It says both; what it certainly does not say is that the push is kept.
      case PUSH_REFUSED -> Outcome.REFUSED;
      case PUSH_OUTCOME_UNKNOWN, UNRECOGNIZED -> outcomeOf(response.getMessage());
    };
  }

  /** Of a gateway that knows no outcomes and said it in words. */
  private static Outcome outcomeOf(String message) {
    return switch (message) {
      case "delivered" -> Outcome.DELIVERED;
      case "queued" -> Outcome.QUEUED;
      case "bound" -> Outcome.BOUND;
      default -> Outcome.ACCEPTED;
    };
  }
}
