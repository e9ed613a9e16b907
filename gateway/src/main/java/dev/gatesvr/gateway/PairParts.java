package dev.gatesvr.gateway;

import dev.gatesvr.backup.log.LogLimits;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.GatewayConfig;
import dev.gatesvr.gateway.config.SessionConfig;
import dev.gatesvr.gateway.replica.ReplicationMode;
import dev.gatesvr.gateway.replica.ShardReplica;
import dev.gatesvr.proto.Limits;

/** Turns the configuration of the pair into its parts. */
final class PairParts {
  /** One in so many entries is followed by a digest of its session. */
  private static final int DIGEST_EVERY = 256;

  /** Sent and not acknowledged; what a fast standby takes in a few milliseconds. */
  private static final long WINDOW_BYTES = 4L << 20;

  /** What a log keeps for a standby that is away for a moment. */
  private static final long LOG_BYTES = 64L << 20;

  private PairParts() {}

  static ShardReplica replica(int index, GatewayConfig config) {
    BackupConfig backup = config.backup();
    return new ShardReplica(
        index,
        ReplicationMode.valueOf(backup.replication().name()),
        logLimits(config),
        DIGEST_EVERY,
        System::nanoTime);
  }

  static LogLimits logLimits(GatewayConfig config) {
    BackupConfig backup = config.backup();
    return new LogLimits(
        entryBytesMax(config.session()),
        backup.sync().bufferSize(),
        LOG_BYTES,
        backup.sync().batchSize(),
        backup.batchBytes(),
        WINDOW_BYTES);
  }

  /** A whole session: its ring, its requests, what is bound to them, and one answer over. */
  static int entryBytesMax(SessionConfig session) {
    long bytes =
        session.replayBytesMax()
            + session.outstandingBytesMax()
            + (long) session.boundNotifiesMax() * session.outstandingRequestsMax() * 64
            + 4L * Limits.FRAME_BYTES_MAX
            + session.replayMessagesMax() * 32L;
    return (int) Math.min(1 << 30, bytes);
  }
}
