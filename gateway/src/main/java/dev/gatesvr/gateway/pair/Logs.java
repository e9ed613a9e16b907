package dev.gatesvr.gateway.pair;

import dev.gatesvr.gateway.replica.FollowerPort;
import dev.gatesvr.proto.LogEntry;
import java.util.List;

/** The logs of this gateway, one per shard, as the pair's loop reaches them. */
interface Logs {
  int size();

  /**
   * Somebody follows.
   *
   * @param applied what it has of each log
   * @param beside what the first log's snapshot begins with
   */
  void follow(FollowerPort port, List<Long> applied, List<LogEntry> beside);

  /**
   * Somebody in sync follows again.
   *
   * @param applied what it has of each log
   */
  void resume(FollowerPort port, List<Long> applied);

  void unfollow(FollowerPort port);

  /**
   * The follower has everything of a log up to here.
   *
   * @param nonsense is run when that was never sent
   */
  void onAck(FollowerPort port, int log, long lsn, Runnable nonsense);
}
