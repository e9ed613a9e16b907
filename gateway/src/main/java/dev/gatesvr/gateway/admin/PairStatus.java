package dev.gatesvr.gateway.admin;

import java.util.List;

/**
 * A pair as one of its two nodes sees it, at one moment. Immutable.
 *
 * @param enabled whether this gateway is one of a pair
 * @param partner how far the other is; {@link Partner#ALONE} on a standby
 * @param serverId {@code backup.server_id}
 * @param incarnation names this process; another one after every start
 * @param pair {@code backup.pair}
 */
public record PairStatus(
    boolean enabled,
    Role role,
    Partner partner,
    String serverId,
    String incarnation,
    String pair,
    Register register,
    Peer peer,
    Arbiter arbiter,
    Replication replication,
    Sessions sessions,
    History history) {

  /** A gateway without a partner. */
  public static final PairStatus SINGLE =
      new PairStatus(
          false,
          Role.SINGLE,
          Partner.ALONE,
          "",
          "",
          "",
          new Register(0, 0, "", List.of()),
          new Peer("", "", Role.SINGLE, "", false, 0),
          new Arbiter("none", 0, 0),
          new Replication(Mode.NONE, List.of(), 0, 0, 0, 0, 0),
          new Sessions(0, 0),
          new History(0, 0, 0, 0, ""));

  /** Which part a node plays. */
  public enum Role {
    /** No pair is configured. */
    SINGLE,
    /** Knows no leader yet, or is not allowed to be one. */
    STARTING,
    STANDBY,
    /** Wants the lead; serves nobody yet. */
    CANDIDATE,
    PRIMARY
  }

  /** How far the primary's partner is. */
  public enum Partner {
    /** There is none: this node's memory is the only one. */
    ALONE,
    /** It gets a snapshot. */
    JOINING,
    /** It holds everything; the register is being told. */
    GROWING,
    /** It is in sync. */
    PAIRED,
    /** It is silent; the register is being told. */
    SHRINKING,
    /** It is silent, and nothing may be acknowledged without it. */
    STALLED,
    /** It is being given the lead. */
    HANDING_OVER
  }

  /** What is waited for in fact, which is {@link #SOLO} while there is nobody to wait for. */
  public enum Mode {
    NONE,
    ASYNC,
    SEMI,
    SYNC,
    SOLO
  }

  /**
   * The newest known value of the term register.
   *
   * @param leader an incarnation, empty before the first
   * @param inSync incarnations that hold everything that was acknowledged
   */
  public record Register(long version, long term, String leader, List<String> inSync) {
    public Register {
      inSync = List.copyOf(inSync);
    }
  }

  /**
   * The other node; texts are empty while it was never heard.
   *
   * @param role what it said of itself last
   * @param playerAddr where players reach it
   * @param heardMsAgo since its last word, 0 while it was never heard
   */
  public record Peer(
      String serverId,
      String incarnation,
      Role role,
      String playerAddr,
      boolean connected,
      long heardMsAgo) {}

  /**
   * @param kind {@code witness}, {@code etcd} or {@code none}
   * @param witnesses configured
   * @param connected of these
   */
  public record Arbiter(String kind, int witnesses, int connected) {}

  /**
   * @param heldOutputs what waits for the standby's acknowledgement, over all shards
   * @param oldestHeldMs how long the oldest of it waits
   * @param snapshotsSent to a standby that had to start over
   * @param resyncs asked for by the standby
   * @param digestMismatches states that were not equal although they should be
   */
  public record Replication(
      Mode mode,
      List<Log> logs,
      long heldOutputs,
      double oldestHeldMs,
      long snapshotsSent,
      long resyncs,
      long digestMismatches) {
    public Replication {
      logs = List.copyOf(logs);
    }
  }

  /**
   * One shard's log.
   *
   * @param lastLsn the newest entry
   * @param sentLsn the newest one handed to the link; on a standby the newest one applied
   * @param ackedLsn the newest one that the standby acknowledged
   * @param queuedEntries kept because they are not acknowledged
   * @param queuedBytes of these
   */
  public record Log(
      int log, long lastLsn, long sentLsn, long ackedLsn, long queuedEntries, long queuedBytes) {}

  /**
   * @param live served by this node
   * @param standby held by this node as a copy
   */
  public record Sessions(long live, long standby) {}

  /**
   * @param failovers this process took the lead because the other was lost
   * @param switchovers the lead was handed over, by or to this process
   * @param lastFailoverMs how long the last one took, from the suspicion to serving; 0 before one
   * @param lastChangeMillis Unix milliseconds, 0 before the first
   * @param lastChangeReason why role or partner changed last, in one line
   */
  public record History(
      long failovers,
      long switchovers,
      double lastFailoverMs,
      long lastChangeMillis,
      String lastChangeReason) {}

  /** Entries that the standby has not acknowledged. */
  public long lagEntries() {
    return replication.logs().stream().mapToLong(log -> log.lastLsn() - log.ackedLsn()).sum();
  }

  /** Bytes of these. */
  public long lagBytes() {
    return replication.logs().stream().mapToLong(Log::queuedBytes).sum();
  }

  /** The {@code server_id} of the node that leads, empty when nobody does. */
  public String leaderId() {
    String leader = register.leader();
    int mark = leader.indexOf('#');
    return mark < 0 ? leader : leader.substring(0, mark);
  }

  /** Where players reach the other when it leads, else empty. */
  public String leaderPlayerAddr() {
    boolean leads = !peer.incarnation().isEmpty() && peer.incarnation().equals(register.leader());
    return leads ? peer.playerAddr() : "";
  }

  /** Whether players should be sent here, as far as the pair is concerned. */
  public boolean serves() {
    return switch (role) {
      case SINGLE -> true;
      case PRIMARY -> partner != Partner.STALLED && partner != Partner.HANDING_OVER;
      case STARTING, STANDBY, CANDIDATE -> false;
    };
  }
}
