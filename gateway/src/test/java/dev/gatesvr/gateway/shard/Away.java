package dev.gatesvr.gateway.shard;

/** For tests: what {@link SessionShard#sendEverybodyAway} does to one session. */
public final class Away {
  private Away() {}

  /** Tells the attached player to go, and closes; on the session's loop. */
  public static void send(PlayerSession session) {
    session.sendAway();
  }
}
