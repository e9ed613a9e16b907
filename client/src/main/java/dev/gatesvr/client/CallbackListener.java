package dev.gatesvr.client;

import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.CloseReason;
import java.util.function.Consumer;

/** A listener made of single callbacks, as the builder takes them. */
public final class CallbackListener implements ClientListener {
  Consumer<Push> push = unused -> {};
  StateHandler stateChanged = (state, why) -> {};
  ResumeHandler resumed = continuous -> {};
  Runnable replaced = () -> {};
  CloseHandler closed = reason -> {};

  CallbackListener() {}

  /** See {@link ClientListener#onStateChanged}. */
  @FunctionalInterface
  public interface StateHandler {
    /** The client entered another state. */
    void onStateChanged(ClientState state, String why);
  }

  /** See {@link ClientListener#onResumed}. */
  @FunctionalInterface
  public interface ResumeHandler {
    /** The client is back. */
    void onResumed(boolean continuous);
  }

  /** See {@link ClientListener#onClosed}. */
  @FunctionalInterface
  public interface CloseHandler {
    /** The client is closed. */
    void onClosed(CloseReason reason);
  }

  @Override
  public void onPush(Push arrived) {
    push.accept(arrived);
  }

  @Override
  public void onStateChanged(ClientState state, String why) {
    stateChanged.onStateChanged(state, why);
  }

  @Override
  public void onResumed(boolean continuous) {
    resumed.onResumed(continuous);
  }

  @Override
  public void onClosed(CloseReason reason) {
    if (reason.byPeer() && reason.code() == CloseCode.REPLACED) {
      replaced.run();
    }
    closed.onClosed(reason);
  }
}
