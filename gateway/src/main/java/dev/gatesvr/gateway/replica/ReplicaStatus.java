package dev.gatesvr.gateway.replica;

/**
 * How far one log is.
 *
 * @param gated whether what leaves waits for the standby, as far as the mode says
 * @param waiting outputs held back
 * @param waitingSinceNanos when the oldest of them began to wait, on the shard's clock; 0 for none
 * @param snapshots sent since the start
 */
public record ReplicaStatus(
    long lastLsn,
    long sentLsn,
    long ackedLsn,
    int queuedEntries,
    long queuedBytes,
    boolean gated,
    int waiting,
    long waitingSinceNanos,
    long snapshots) {
  /** Before the first entry. */
  public static final ReplicaStatus NONE = new ReplicaStatus(0, 0, 0, 0, 0, false, 0, 0, 0);
}
