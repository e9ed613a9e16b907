package dev.gatesvr.gateway.lifecycle;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Every observer of a gateway, each shielded from the others' faults. Immutable; costs one check
 * per event when there is none.
 */
public final class SessionObservers {
  /** What a gateway has that nobody observes. */
  public static final SessionObservers NONE = new SessionObservers(List.of(), (event, e) -> {});

  private final List<SessionObserver> observers;
  private final BiConsumer<String, RuntimeException> onFailure;

  /**
   * @param onFailure told the name of the callback and what it threw, on the calling loop
   */
  public SessionObservers(
      List<SessionObserver> observers, BiConsumer<String, RuntimeException> onFailure) {
    this.observers = List.copyOf(observers);
    this.onFailure = onFailure;
  }

  /** True when nobody observes. */
  public boolean none() {
    return observers.isEmpty();
  }

  /** Facts are made only when somebody wants them. */
  public void created(Supplier<SessionFacts> facts) {
    tell("created", facts, SessionObserver::onCreated);
  }

  public void attached(Supplier<SessionFacts> facts) {
    tell("attached", facts, SessionObserver::onAttached);
  }

  public void resumed(Supplier<SessionFacts> facts) {
    tell("resumed", facts, SessionObserver::onResumed);
  }

  public void detached(Supplier<SessionFacts> facts) {
    tell("detached", facts, SessionObserver::onDetached);
  }

  public void takenOver(Supplier<SessionFacts> facts) {
    tell("taken_over", facts, SessionObserver::onTakenOver);
  }

  public void expired(Supplier<SessionFacts> facts) {
    tell("expired", facts, SessionObserver::onExpired);
  }

  public void ended(Supplier<SessionFacts> facts, EndReason reason) {
    tell("ended", facts, (observer, session) -> observer.onEnded(session, reason));
  }

  private void tell(
      String event,
      Supplier<SessionFacts> facts,
      BiConsumer<SessionObserver, SessionFacts> callback) {
    if (observers.isEmpty()) {
      return;
    }
    SessionFacts session = facts.get();
    Consumer<SessionObserver> shielded =
        observer -> {
          try {
            callback.accept(observer, session);
          } catch (RuntimeException e) {
            onFailure.accept(event, e);
          }
        };
    observers.forEach(shielded);
  }
}
