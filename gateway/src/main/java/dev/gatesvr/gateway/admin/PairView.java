package dev.gatesvr.gateway.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What operators see of a pair and do to it. Thread-safe; nothing blocks. A stage completes when
 * the outcome is known, and completes with a {@link SwitchResult} also when nothing was possible;
 * it fails only for a fault of the gateway.
 */
public interface PairView {
  /** A gateway without a partner. */
  PairView NONE =
      new PairView() {
        @Override
        public PairStatus status() {
          return PairStatus.SINGLE;
        }

        @Override
        public CompletionStage<SwitchResult> switchOver() {
          return CompletableFuture.completedStage(SwitchResult.OFF);
        }

        @Override
        public CompletionStage<SwitchResult> forceLead() {
          return CompletableFuture.completedStage(SwitchResult.OFF);
        }
      };

  /** Where the pair stands now. */
  PairStatus status();

  /**
   * Hands the lead to the standby without losing anything. Only a primary whose standby is in sync
   * can; it goes on as the standby.
   */
  CompletionStage<SwitchResult> switchOver();

  /**
   * Makes this node lead although the rules would not let it: what only the other holds is lost.
   * Refused while the other is known to lead.
   */
  CompletionStage<SwitchResult> forceLead();

  /** What became of a command. */
  sealed interface SwitchResult {
    /** There is no pair here. */
    SwitchResult OFF = new Off();

    /**
     * Another one leads now.
     *
     * @param leader its incarnation
     * @param stallMillis how long players waited for it
     */
    record Done(String leader, double stallMillis) implements SwitchResult {}

    /** Under way; {@link PairView#status} will tell. */
    record Started(String detail) implements SwitchResult {}

    /** Nothing was changed. */
    record Refused(String reason) implements SwitchResult {}

    /** {@code backup.enabled} is false. */
    record Off() implements SwitchResult {}
  }
}
