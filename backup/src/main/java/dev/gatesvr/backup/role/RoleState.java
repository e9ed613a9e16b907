package dev.gatesvr.backup.role;

import dev.gatesvr.proto.PairRole;

/** What a gateway is in the pair. */
public enum RoleState {
  /** Knows nothing of the register yet. */
  STARTING(PairRole.PAIR_STARTING),
  /** Standby: dials the other and takes what it replicates; in sync or not. */
  FOLLOWING(PairRole.PAIR_STANDBY),
  /** A change that makes this process the leader is under way. */
  PROMOTING(PairRole.PAIR_CANDIDATE),
  /** The register said so: serves. */
  PRIMARY(PairRole.PAIR_PRIMARY),
  /** Serves nothing new, and waits for the follower to take the lead. */
  HANDING_OVER(PairRole.PAIR_PRIMARY),
  /** A higher term stands: serving stops and everything is discarded. */
  DEPOSED(PairRole.PAIR_STANDBY);

  private final PairRole role;

  RoleState(PairRole role) {
    this.role = role;
  }

  /** What the other is told. */
  public PairRole role() {
    return role;
  }
}
