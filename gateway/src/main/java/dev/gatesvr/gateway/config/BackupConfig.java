package dev.gatesvr.gateway.config;

import java.time.Duration;
import java.util.List;

/** The pair: two gateways that act as one (docs/ha.md). */
public record BackupConfig(
    @Describe("whether this gateway is one of a pair") boolean enabled,
    @Describe(
            "which of the two begins when nobody holds sessions: at the very first start, and after"
                + " both died; primary on exactly one")
        Mode mode,
    @Describe("this node's name, another one on each: letters, digits, . _ -") String serverId,
    @Describe("the predecessor's; a standby serves no player, whatever this says") boolean readonly,
    @Describe("liveness between the two") HeartbeatConfig heartbeat,
    @Describe("the link between the two") SyncConfig sync,
    @Describe("the pair's name, the same on both: letters, digits, . _ -") String pair,
    @Describe("host:port where players reach this node; empty is server.quic_addr")
        String playerAddr,
    @Describe("what waits for the standby: nothing, acknowledgements of pushes, or everything")
        Replication replication,
    @Describe("true: without a standby nothing is acknowledged; false: the primary goes on alone")
        boolean strict,
    @Describe("who keeps the term register; auto is witness where witnesses are set, else none")
        ArbiterKind arbiter,
    @Describe(
            "host:port of the witnesses, the same list on both, 1 to 31; an odd number, because one"
                + " more of an even number only adds one that can fail")
        List<String> witnesses,
    @Describe("for arbiter etcd") EtcdConfig etcd,
    @Describe("who may speak on the link between the two") LinkConfig link,
    @Describe("bytes of entries in one batch at most") int batchBytes,
    @Describe("how long a batch waits for more entries; 0 is the end of the loop's turn")
        Duration batchDelay) {

  /** The words of the configuration for the two roles. */
  public enum Mode {
    PRIMARY,
    BACKUP
  }

  /** What the primary holds back until the standby has it. */
  public enum Replication {
    /** Nothing. */
    ASYNC,
    /** Acknowledgements of pushes. */
    SEMI,
    /** Deliveries, answers of logins, requests to upstreams, acknowledgements of pushes. */
    SYNC
  }

  /** Where the term register lives. */
  public enum ArbiterKind {
    /** Witness where witnesses are set, else none; see {@link BackupConfig#arbiterInForce}. */
    AUTO,
    /** A majority of the witnesses. */
    WITNESS,
    ETCD,
    /** The two alone: a partition makes two primaries. */
    NONE
  }

  public BackupConfig {
    witnesses = List.copyOf(witnesses);
    Checks.notBlank("backup.server_id", serverId);
    PairRules.name("backup.pair", pair);
    Checks.range("backup.batch_bytes", batchBytes, 1_024, 4 << 20);
    Checks.range("backup.batch_delay", batchDelay, Duration.ZERO, Duration.ofMillis(100));
    if (!playerAddr.isEmpty()) {
      PairRules.reachable("backup.player_addr", playerAddr);
    }
    PairRules.witnesses(witnesses);
    if (enabled) {
      PairRules.name("backup.server_id", serverId);
      PairRules.addresses(sync, heartbeat);
      PairRules.arbiter(arbiter, witnesses, etcd);
      link.requireTrust();
    }
  }

  /** Who keeps the term register: never {@link ArbiterKind#AUTO}. */
  public ArbiterKind arbiterInForce() {
    if (arbiter != ArbiterKind.AUTO) {
      return arbiter;
    }
    return witnesses.isEmpty() ? ArbiterKind.NONE : ArbiterKind.WITNESS;
  }

  /** The key of the term register in etcd. */
  public String etcdKeyInForce() {
    return etcd.key().isEmpty() ? "/gatesvr/" + pair + "/leadership" : etcd.key();
  }

  public static BackupConfig defaults() {
    return new BackupConfig(
        false,
        Mode.PRIMARY,
        "gatesvr-1",
        false,
        new HeartbeatConfig(Duration.ofMillis(50), "", "", Duration.ofMillis(300)),
        new SyncConfig("", "", 50, Duration.ofMillis(200), 20_000),
        "gatesvr",
        "",
        Replication.SYNC,
        false,
        ArbiterKind.AUTO,
        List.of(),
        new EtcdConfig(List.of(), ""),
        LinkConfig.NONE,
        256 << 10,
        Duration.ZERO);
  }
}
