package dev.gatesvr.gateway.offline;

/** What became of a push for a player without a session. */
public enum StoreVerdict {
  /** Kept until the player logs in or its time is up. */
  STORED,
  /** The player, or the gateway, has as much as it may: try again after a while. */
  FULL,
  /** It is larger than what one player may have. */
  TOO_LARGE
}
