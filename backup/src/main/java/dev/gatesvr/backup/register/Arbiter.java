package dev.gatesvr.backup.register;

import java.util.concurrent.CompletionStage;

/**
 * Where the term register lives. Thread-safe; nothing blocks. Every stage completes within the
 * arbiter's own timeout, and then fails with {@link ArbiterException} when the outcome is unknown.
 */
public interface Arbiter extends AutoCloseable {
  /** What the register holds. */
  CompletionStage<Leadership> read();

  /**
   * Changes the register if it still holds {@code expected}.
   *
   * @return what it holds now: {@code wanted} when it was changed, by this call or an earlier one
   *     of the same; anything else when it was not and will not be by this call
   */
  CompletionStage<Leadership> change(Leadership expected, Leadership wanted);

  /**
   * Tells what is seen of the other gateway from elsewhere, from now on and on a thread of the
   * arbiter's; an arbiter without eyes says nothing.
   */
  void observe(ArbiterObserver observer);

  @Override
  void close();
}
