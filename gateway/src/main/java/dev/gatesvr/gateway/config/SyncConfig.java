package dev.gatesvr.gateway.config;

import java.time.Duration;

/** The link between the two gateways of a pair, and the log that it carries. */
public record SyncConfig(
    @Describe("where the other listens; needed in a pair") String peerAddr,
    @Describe("where this one listens; needed in a pair") String listenAddr,
    @Describe("entries in one batch at most") int batchSize,
    @Describe("how long the standby may take to acknowledge a batch before it counts as lost")
        Duration timeout,
    @Describe("entries of one log sent and not acknowledged at most; beyond it work waits")
        int bufferSize) {

  public SyncConfig {
    if (!peerAddr.isEmpty()) {
      PairRules.reachable("backup.sync.peer_addr", peerAddr);
    }
    if (!listenAddr.isEmpty()) {
      Checks.address("backup.sync.listen_addr", listenAddr);
    }
    Checks.range("backup.sync.batch_size", batchSize, 1, 100_000);
    Checks.range("backup.sync.timeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(1));
    Checks.range("backup.sync.buffer_size", bufferSize, batchSize, 10_000_000);
  }
}
