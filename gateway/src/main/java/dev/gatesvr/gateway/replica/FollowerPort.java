package dev.gatesvr.gateway.replica;

import dev.gatesvr.backup.log.Batch;

/** The way from the shards to the follower of now. Called on the shard's loop; never blocks. */
public interface FollowerPort {
  /** Sends a batch; nothing happens when the follower is gone. */
  void send(int log, Batch batch);

  /** Everything that left this shard is with the follower, and outputs wait for it from now on. */
  void caughtUp(int log);

  /** The follower is too slow, or made no sense: the shard has dropped it. */
  void dropped(int log, String why);
}
