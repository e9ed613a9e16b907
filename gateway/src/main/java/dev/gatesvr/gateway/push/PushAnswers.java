package dev.gatesvr.gateway.push;

import dev.gatesvr.gateway.offline.StoreVerdict;
import dev.gatesvr.proto.PushOutcome;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.session.PushVerdict;
import java.util.Locale;

/** What an upstream is told of its push. Pure. */
final class PushAnswers {
  private static final String EXHAUSTED = "RESOURCE_EXHAUSTED";

  private PushAnswers() {}

  static UnicastPushResponse of(PushVerdict verdict) {
    String word = verdict.name().toLowerCase(Locale.ROOT);
    return switch (verdict) {
      case DELIVERED -> accepted(PushOutcome.PUSH_DELIVERED, word);
      case QUEUED -> accepted(PushOutcome.PUSH_QUEUED, word);
      case BOUND -> accepted(PushOutcome.PUSH_BOUND, word);
      case FULL -> refused(EXHAUSTED, word);
      case ENDED -> refused("TARGET_NOT_FOUND", word);
      case NOT_BOUND, TOO_LARGE -> refused(verdict.name(), word);
    };
  }

  static UnicastPushResponse of(StoreVerdict verdict) {
    return switch (verdict) {
      case STORED -> accepted(PushOutcome.PUSH_STORED, "stored");
      case FULL -> refused(EXHAUSTED, "the offline store is full, for this player or in all");
      case TOO_LARGE -> refused("TOO_LARGE", "larger than what one player may have stored");
    };
  }

  static UnicastPushResponse refused(String code, String why) {
    return UnicastPushResponse.newBuilder()
        .setErrorCode(code)
        .setMessage(why)
        .setOutcome(PushOutcome.PUSH_REFUSED)
        .build();
  }

  private static UnicastPushResponse accepted(PushOutcome outcome, String word) {
    return UnicastPushResponse.newBuilder()
        .setSuccess(true)
        .setMessage(word)
        .setOutcome(outcome)
        .build();
  }
}
