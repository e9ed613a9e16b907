package dev.gatesvr.gateway.config;

import java.time.Duration;

/** Liveness between the two gateways of a pair. */
public record HeartbeatConfig(
    @Describe("between two heartbeats") Duration interval,
    @Describe("a second road to the other, for heartbeats alone; empty when there is none")
        String peerAddr,
    @Describe("where this one listens on that road; empty when there is none") String listenAddr,
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
    if (!peerAddr.isEmpty()) {
      PairRules.reachable("backup.heartbeat.peer_addr", peerAddr);
    }
    if (!listenAddr.isEmpty()) {
      Checks.address("backup.heartbeat.listen_addr", listenAddr);
    }
  }
}
