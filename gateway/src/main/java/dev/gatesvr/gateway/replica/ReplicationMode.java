package dev.gatesvr.gateway.replica;

/** What the primary holds back until the standby has it (HA.md, "Replication"). */
public enum ReplicationMode {
  /** Nothing. */
  ASYNC(false, false),
  /** Acknowledgements of pushes. */
  SEMI(true, false),
  /** Everything that leaves. */
  SYNC(true, true);

  private final boolean acks;
  private final boolean outputs;

  ReplicationMode(boolean acks, boolean outputs) {
    this.acks = acks;
    this.outputs = outputs;
  }

  boolean holdsAcks() {
    return acks;
  }

  /** True when nothing leaves before the standby has it. */
  public boolean holdsOutputs() {
    return outputs;
  }
}
