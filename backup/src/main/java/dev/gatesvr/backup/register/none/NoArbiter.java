package dev.gatesvr.backup.register.none;

import dev.gatesvr.backup.register.Arbiter;
import dev.gatesvr.backup.register.ArbiterObserver;
import dev.gatesvr.backup.register.Leadership;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The register in this process's memory, and what the peer said of its own. Every change succeeds
 * that starts from what is held. Thread-safe; observers are called on the thread that brought the
 * news.
 */
public final class NoArbiter implements Arbiter {
  private Leadership held = Leadership.NONE;
  private @Nullable ArbiterObserver observer;

  @Override
  public synchronized CompletionStage<Leadership> read() {
    return CompletableFuture.completedStage(held);
  }

  @Override
  public CompletionStage<Leadership> change(Leadership expected, Leadership wanted) {
    synchronized (this) {
      if (!held.equals(expected)) {
        return CompletableFuture.completedStage(held);
      }
      held = wanted;
    }
    tell(wanted);
    return CompletableFuture.completedStage(wanted);
  }

  /**
   * Takes what the peer says it knows. A higher term wins, then a higher version; of two leaders
   * with the same ones, whom only a partition can make, the one whose name is lower.
   */
  public void learn(Leadership told) {
    synchronized (this) {
      if (!isNewer(told, held)) {
        return;
      }
      held = told;
    }
    tell(told);
  }

  private static boolean isNewer(Leadership told, Leadership held) {
    if (told.term() != held.term()) {
      return told.term() > held.term();
    }
    return told.version() != held.version()
        ? told.version() > held.version()
        : told.leader().compareTo(held.leader()) < 0;
  }

  private void tell(Leadership newer) {
    ArbiterObserver told;
    synchronized (this) {
      told = observer;
    }
    if (told != null) {
      told.onLeadership(newer);
    }
  }

  @Override
  public synchronized void observe(ArbiterObserver observer) {
    this.observer = observer;
  }

  @Override
  public void close() {
    // Holds nothing but memory.
  }
}
