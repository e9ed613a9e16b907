package dev.gatesvr.cmd.gatectl;

/** Exit codes beside those of {@link dev.gatesvr.cmd.Cli}. */
final class Exit {
  /** {@code role}: this node is the standby. */
  static final int STANDBY = 3;

  /** A command was refused and nothing changed; {@code role}: this node has no role yet. */
  static final int REFUSED = 4;

  /** A command was accepted and was not over in time. */
  static final int NOT_OVER = 5;

  private Exit() {}
}
