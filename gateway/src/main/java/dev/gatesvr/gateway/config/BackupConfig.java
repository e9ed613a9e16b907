package dev.gatesvr.gateway.config;

import java.time.Duration;

/**
 * The pair (HA.md). Read and validated; {@code enabled: true} is refused until the pair is built.
 */
public record BackupConfig(
    @Describe("whether this gateway is one of a pair") boolean enabled,
    @Describe("the role it starts in") Mode mode,
    @Describe("this node's name") String serverId,
    @Describe("whether a standby refuses everything but reads") boolean readonly,
    @Describe("liveness between the two") HeartbeatConfig heartbeat,
    @Describe("the state stream between the two") SyncConfig sync) {

  /** The words of the configuration for the two roles. */
  public enum Mode {
    PRIMARY,
    BACKUP
  }

  /** Liveness between the two. */
  public record HeartbeatConfig(
      @Describe("between two heartbeats") Duration interval,
      @Describe("where the other listens; empty when there is none") String peerAddr,
      @Describe("where this one listens; empty when it does not") String listenAddr,
      @Describe("silence after which the other is suspected") Duration timeout) {
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

  /** The state stream between the two. */
  public record SyncConfig(
      @Describe("where the other listens; empty when there is none") String peerAddr,
      @Describe("where this one listens; empty when it does not") String listenAddr,
      @Describe("entries in one batch at most") int batchSize,
      @Describe("how long one batch may take") Duration timeout,
      @Describe("entries waiting at most") int bufferSize) {
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
