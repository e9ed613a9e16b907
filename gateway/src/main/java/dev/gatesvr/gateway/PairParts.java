package dev.gatesvr.gateway;

import dev.gatesvr.backup.log.LogLimits;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.GatewayConfig;
import dev.gatesvr.gateway.config.SessionConfig;
import dev.gatesvr.gateway.replica.ReplicationMode;
import dev.gatesvr.gateway.replica.ShardReplica;
import dev.gatesvr.proto.Limits;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** Turns the configuration of the pair into its parts. */
final class PairParts {
  /** One in so many entries is followed by a digest of its session. */
  private static final int DIGEST_EVERY = 256;

  /** Sent and not acknowledged; what a fast standby takes in a few milliseconds. */
  private static final long WINDOW_BYTES = 4L << 20;

  /** What a log keeps for a standby that is away for a moment. */
  private static final long LOG_BYTES = 64L << 20;

  private PairParts() {}

  static ShardReplica replica(int index, EventLoop loop, GatewayConfig config) {
    BackupConfig backup = config.backup();
    ShardReplica replica =
        new ShardReplica(
            index,
            ReplicationMode.valueOf(backup.replication().name()),
            logLimits(config),
            DIGEST_EVERY,
            System::nanoTime);
    long delayNanos = backup.batchDelay().toNanos();
    replica.flushWith(
        delayNanos == 0
            ? () -> loop.execute(replica::flush)
            : () -> loop.schedule(replica::flush, delayNanos, TimeUnit.NANOSECONDS));
    return replica;
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

  /** The windows of all logs, and as much again for what is not counted in them. */
  static int sendBytesMax(int logs, int frameBytesMax) {
    return (int) Math.min(1 << 28, 2L * logs * WINDOW_BYTES + frameBytesMax);
  }

  /** Another name for every run of a server's process. */
  static String incarnation(String serverId) {
    byte[] drawn = new byte[8];
    new SecureRandom().nextBytes(drawn);
    return serverId + "#" + HexFormat.of().formatHex(drawn);
  }

  /** What players are told; an address of every interface means this machine to nobody else. */
  static String playerAddress(String configured, InetSocketAddress bound) {
    if (!configured.isEmpty()) {
      return configured;
    }
    InetAddress address = bound.getAddress();
    String host =
        address.isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress().getHostAddress()
            : address.getHostAddress();
    return host.contains(":") ? "[" + host + "]:" + bound.getPort() : host + ":" + bound.getPort();
  }
}
