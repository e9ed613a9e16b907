package dev.gatesvr.gateway.config;

import java.time.Duration;

/**
 * The pair (HA.md). Read and validated; {@code enabled: true} is refused until the pair is built.
 *
 * @param enabled whether this gateway is one of a pair
 * @param mode the role it starts in
 * @param serverId this node's name
 * @param readonly whether a standby refuses everything but reads
 * @param heartbeat liveness between the two
 * @param sync the state stream between the two
 */
public record BackupConfig(
    boolean enabled,
    Mode mode,
    String serverId,
    boolean readonly,
    HeartbeatConfig heartbeat,
    SyncConfig sync) {

  /** The words of the configuration for the two roles. */
  public enum Mode {
    PRIMARY,
    BACKUP
  }

  /**
   * Liveness between the two.
   *
   * @param interval between two heartbeats
   * @param peerAddr where the other listens; empty when there is none
   * @param listenAddr where this one listens; empty when it does not
   * @param timeout silence after which the other is suspected
   */
  public record HeartbeatConfig(
      Duration interval, String peerAddr, String listenAddr, Duration timeout) {
    public HeartbeatConfig {
      Checks.range(
          "backup.heartbeat.interval", interval, Duration.ofMillis(10), Duration.ofMinutes(1));
      Checks.range(
          "backup.heartbeat.timeout", timeout, Duration.ofMillis(20), Duration.ofMinutes(10));
      if (timeout.compareTo(interval) <= 0) {
        throw ConfigException.of(
            "backup.heartbeat.timeout",
            Checks.text(timeout),
            "more than backup.heartbeat.interval, " + Checks.text(interval));
      }
      optionalAddress("backup.heartbeat.peer_addr", peerAddr);
      optionalAddress("backup.heartbeat.listen_addr", listenAddr);
    }
  }

  /**
   * The state stream between the two.
   *
   * @param peerAddr where the other listens; empty when there is none
   * @param listenAddr where this one listens; empty when it does not
   * @param batchSize entries in one batch at most
   * @param timeout how long one batch may take
   * @param bufferSize entries waiting at most
   */
  public record SyncConfig(
      String peerAddr, String listenAddr, int batchSize, Duration timeout, int bufferSize) {
    public SyncConfig {
      optionalAddress("backup.sync.peer_addr", peerAddr);
      optionalAddress("backup.sync.listen_addr", listenAddr);
      Checks.range("backup.sync.batch_size", batchSize, 1, 100_000);
      Checks.range("backup.sync.timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(1));
      Checks.range("backup.sync.buffer_size", bufferSize, batchSize, 10_000_000);
    }
  }

  public BackupConfig {
    Checks.notBlank("backup.server_id", serverId);
    if (enabled) {
      throw ConfigException.of(
          "backup.enabled",
          true,
          "false: the pair is not built yet, and a gateway that only claims a standby loses"
              + " players");
    }
  }

  private static void optionalAddress(String key, String value) {
    if (!value.isEmpty()) {
      Checks.address(key, value);
    }
  }

  public static BackupConfig defaults() {
    return new BackupConfig(
        false,
        Mode.PRIMARY,
        "gatesvr-1",
        false,
        new HeartbeatConfig(Duration.ofSeconds(2), "", "", Duration.ofSeconds(6)),
        new SyncConfig("", "", 50, Duration.ofMillis(200), 1_000));
  }
}
