package dev.gatesvr.client;

import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.client.core.ServerAddress;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.transport.CloseReason;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A listener made of single callbacks, as the builder takes them. */
public final class CallbackListener implements ClientListener {
  Consumer<Push> push = unused -> {};
  GapHandler gap = (firstSeqId, lastSeqId, reason) -> {};
  StateHandler stateChanged = (state, why) -> {};
  Runnable resumed = () -> {};
  ResyncHandler resync = (reason, detail) -> {};
  KickHandler kicked = (reason, detail) -> {};
  GoAwayHandler goAway = (addresses, wait) -> {};
  Consumer<ServerAddress> failover = unused -> {};
  CloseHandler closed = reason -> {};

  CallbackListener() {}

  /** See {@link ClientListener#onGap}. */
  @FunctionalInterface
  public interface GapHandler {
    /** Pushes were dropped. */
    void onGap(long firstSeqId, long lastSeqId, Gap.Reason reason);
  }

  /** See {@link ClientListener#onStateChanged}. */
  @FunctionalInterface
  public interface StateHandler {
    /** The client entered another state. */
    void onStateChanged(ClientState state, String why);
  }

  /** See {@link ClientListener#onResync}. */
  @FunctionalInterface
  public interface ResyncHandler {
    /** The client is back, and pushes may be missing. */
    void onResync(Resync.Reason reason, String detail);
  }

  /** See {@link ClientListener#onKicked}. */
  @FunctionalInterface
  public interface KickHandler {
    /** The gateway ended the session. */
    void onKicked(Kicked.Reason reason, String detail);
  }

  /** See {@link ClientListener#onGoAway}. */
  @FunctionalInterface
  public interface GoAwayHandler {
    /** The gateway sends the client away. */
    void onGoAway(List<ServerAddress> addresses, Duration wait);
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
  public void onGap(long firstSeqId, long lastSeqId, Gap.Reason reason) {
    gap.onGap(firstSeqId, lastSeqId, reason);
  }

  @Override
  public void onStateChanged(ClientState state, String why) {
    stateChanged.onStateChanged(state, why);
  }

  @Override
  public void onResumed() {
    resumed.run();
  }

  @Override
  public void onResync(Resync.Reason reason, String detail) {
    resync.onResync(reason, detail);
  }

  @Override
  public void onKicked(Kicked.Reason reason, String detail) {
    kicked.onKicked(reason, detail);
  }

  @Override
  public void onGoAway(List<ServerAddress> addresses, Duration wait) {
    goAway.onGoAway(addresses, wait);
  }

  @Override
  public void onFailover(ServerAddress gateway) {
    failover.accept(gateway);
  }

  @Override
  public void onClosed(CloseReason reason) {
    closed.onClosed(reason);
  }
}
