package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.PairStatus.Partner;
import dev.gatesvr.gateway.admin.PairStatus.Role;
import dev.gatesvr.gateway.metrics.GaugeFamily;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pair's present state as Prometheus families, read when a scrape asks. */
final class PairGauges {
  private final PairView pair;

  PairGauges(PairView pair) {
    this.pair = pair;
  }

  List<GaugeFamily> read() {
    PairStatus now = pair.status();
    PairStatus.Peer peer = now.peer();
    PairStatus.Replication replication = now.replication();
    PairStatus.History history = now.history();
    return List.of(
        one("role", "1 for the part that this node plays", "role", Role.values(), now.role()),
        one(
            "partner",
            "1 for how far the primary's partner is",
            "state",
            Partner.values(),
            now.partner()),
        gauge("term", "The newest known term", now.register().term()),
        gauge("in_sync", "Nodes that hold everything acknowledged", now.register().inSync().size()),
        gauge("peer_connected", "1 while the link to the other is up", peer.connected() ? 1 : 0),
        gauge("peer_silence_seconds", "Since the other was heard", peer.heardMsAgo() / 1e3),
        gauge("witnesses", "Witnesses configured", now.arbiter().witnesses()),
        gauge("witnesses_connected", "Of these, connected", now.arbiter().connected()),
        gauge(
            "replication_lag_entries",
            "Log entries that the standby has not acknowledged",
            now.lagEntries()),
        gauge("replication_lag_bytes", "Bytes of these", now.lagBytes()),
        gauge("held_outputs", "Outputs that wait for the standby", replication.heldOutputs()),
        gauge("held_seconds", "How long the oldest waits", replication.oldestHeldMs() / 1e3),
        new GaugeFamily(
            "gatesvr_pair_sessions",
            "Sessions served, and held as a copy",
            "kind",
            Map.of(
                "live", (double) now.sessions().live(),
                "standby", (double) now.sessions().standby())),
        gauge(
            "last_failover_seconds",
            "How long the last failover to this node took",
            history.lastFailoverMs() / 1e3),
        gauge("failovers_total", "Leads taken because the other was lost", history.failovers()),
        gauge("switchovers_total", "Leads handed over on command", history.switchovers()),
        gauge("snapshots_total", "Snapshots sent to the standby", replication.snapshotsSent()),
        gauge("resyncs_total", "Snapshots that the standby asked for", replication.resyncs()),
        gauge(
            "digest_mismatches_total",
            "States that were not equal although they should be",
            replication.digestMismatches()));
  }

  private static GaugeFamily gauge(String name, String help, Number value) {
    return GaugeFamily.of("gatesvr_pair_" + name, help, value.doubleValue());
  }

  /** One series for each constant: 1 for the present one, 0 for the others. */
  private static GaugeFamily one(
      String name, String help, String label, Enum<?>[] all, Enum<?> present) {
    Map<String, Double> values = new HashMap<>();
    for (Enum<?> each : all) {
      values.put(Json.word(each), each == present ? 1.0 : 0.0);
    }
    return new GaugeFamily("gatesvr_pair_" + name, help, label, values);
  }
}
