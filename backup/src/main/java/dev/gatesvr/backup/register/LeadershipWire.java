package dev.gatesvr.backup.register;

import dev.gatesvr.proto.LeadershipValue;
import java.util.Set;
import java.util.TreeSet;

/** The register's value as it is sent and stored. */
public final class LeadershipWire {
  private LeadershipWire() {}

  /** Equal values give equal messages. */
  public static LeadershipValue toWire(Leadership leadership) {
    return LeadershipValue.newBuilder()
        .setVersion(leadership.version())
        .setTerm(leadership.term())
        .setLeader(leadership.leader())
        .addAllInSync(new TreeSet<>(leadership.inSync()))
        .build();
  }

  /**
   * Reads a value; an empty message is {@link Leadership#NONE}.
   *
   * @throws IllegalArgumentException when no register can hold it
   */
  public static Leadership fromWire(LeadershipValue value) {
    return new Leadership(
        value.getVersion(),
        value.getTerm(),
        value.getLeader(),
        Set.copyOf(new TreeSet<>(value.getInSyncList())));
  }
}
