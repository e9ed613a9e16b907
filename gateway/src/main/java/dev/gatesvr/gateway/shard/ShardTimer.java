package dev.gatesvr.gateway.shard;

/**
 * One deadline on a shard's wheel, for things that are not sessions. Confined to the shard's loop.
 */
public final class ShardTimer extends DeadlineWheel.Entry {
  private final SessionShard shard;
  private final Runnable action;

  public ShardTimer(SessionShard shard, Runnable action) {
    this.shard = shard;
    this.action = action;
  }

  /** Sets or moves the deadline. */
  public void start(long deadlineNanos) {
    shard.wheel().set(this, deadlineNanos);
  }

  /** Clears it; harmless when it has fired. */
  public void stop() {
    shard.wheel().clear(this);
  }

  @Override
  void onDue(long nowNanos) {
    action.run();
  }
}
