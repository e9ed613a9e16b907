package dev.gatesvr.backup.role;

/** Which end of a link this process has. */
public enum LinkSide {
  /** This process dialled: what is replicated comes in here. */
  FOLLOWER,
  /** The other dialled: what is replicated goes out here. */
  SOURCE
}
