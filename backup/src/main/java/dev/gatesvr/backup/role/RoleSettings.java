package dev.gatesvr.backup.role;

/**
 * What a role machine is configured with.
 *
 * @param serverId names the machine of the pair; the other one has another
 * @param incarnation names this process: the server id, {@code #}, and something new per start
 * @param mode who may found a register that is empty, or whose processes are all gone
 * @param strict never acknowledges anything that the other does not have too
 * @param arbiter where the register lives
 * @param heartbeatIntervalNanos between two beats; also how late an own timer may be
 * @param heartbeatTimeoutNanos silence after which the other is suspected
 * @param syncTimeoutNanos how long outputs wait for a standby that is away
 * @param retryBackoffNanos between two questions to a register that does not answer
 */
public record RoleSettings(
    String serverId,
    String incarnation,
    Mode mode,
    boolean strict,
    ArbiterKind arbiter,
    long heartbeatIntervalNanos,
    long heartbeatTimeoutNanos,
    long syncTimeoutNanos,
    long retryBackoffNanos) {

  /** The configured mode. It does not say who leads: the register does. */
  public enum Mode {
    /** May found an empty register. */
    PRIMARY,
    /** Waits for the other to found it. */
    BACKUP
  }

  /** Where the register lives. */
  public enum ArbiterKind {
    /** A majority of witnesses, which also say how they see the other. */
    WITNESS,
    /** etcd, which sees nobody. */
    ETCD,
    /** Nowhere but in the two processes. */
    NONE
  }

  public RoleSettings {
    if (serverId.isEmpty() || !Incarnations.serverOf(incarnation).equals(serverId)) {
      throw new IllegalArgumentException(
          "incarnation: " + incarnation + " (expected: \"" + serverId + "#\" and a new name)");
    }
    positive("heartbeatIntervalNanos", heartbeatIntervalNanos);
    positive("syncTimeoutNanos", syncTimeoutNanos);
    positive("retryBackoffNanos", retryBackoffNanos);
    if (heartbeatTimeoutNanos <= heartbeatIntervalNanos) {
      throw new IllegalArgumentException(
          "heartbeatTimeoutNanos: "
              + heartbeatTimeoutNanos
              + " (expected: more than the interval, "
              + heartbeatIntervalNanos
              + ")");
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
