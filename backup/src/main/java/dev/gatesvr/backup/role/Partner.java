package dev.gatesvr.backup.role;

/** How a primary stands with its follower. */
public enum Partner {
  /** The register names the primary alone, and no follower is being taken in. */
  ALONE,
  /** A follower is on the link and receives a snapshot; the register names the primary alone. */
  JOINING,
  /** Outputs wait for the follower already; the register is asked to name it. */
  GROWING,
  /** The register names both; outputs wait for the follower, on the link or not. */
  PAIRED,
  /** The register is asked to name the primary alone; outputs wait. */
  SHRINKING,
  /** The follower is away and may not be left out, or the register is silent: outputs wait. */
  STALLED
}
