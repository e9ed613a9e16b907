package dev.gatesvr.gateway.replica;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.backup.log.FollowerLog;
import dev.gatesvr.proto.LogBatch;
import dev.gatesvr.proto.LogEntry;
import dev.gatesvr.proto.LogPosition;
import dev.gatesvr.proto.SessionDigest;
import dev.gatesvr.proto.SessionEntry;
import dev.gatesvr.proto.SessionOp;
import dev.gatesvr.proto.SessionState;
import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.session.Recorder;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.SessionLimits;
import dev.gatesvr.session.SessionReplica;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the standby holds of the primary. Not thread-safe; confined to the pair's loop.
 *
 * <p>Bounds: as many sessions as the primary has, each within its own limits; {@code logsMax} logs.
 */
public final class StandbySessions {
  /** A primary has one log per I/O loop. */
  private static final int LOGS_MAX = 1_024;

  private final SessionLimits limits;
  private final Consumer<UpstreamRegisterRequest> registrations;
  private final List<Log> logs = new ArrayList<>();
  private final Recorder idle = new Recorder();
  private String leader = "";
  private long term;
  private int logsExpected;
  private long digestsChecked;
  private long digestMismatches;

  /** One log of the primary, and the sessions in it by number. */
  private static final class Log {
    final FollowerLog cursor = new FollowerLog();
    final Map<Long, StandbySession> sessions = new HashMap<>();
  }

  /** What became of a batch. */
  public sealed interface Outcome {}

  /** It is applied: acknowledge up to here. */
  public record Applied(long lsn) implements Outcome {}

  /** The thread is lost: ask for a snapshot. */
  public record Lost(String why) implements Outcome {}

  /** Nothing is to be said. */
  public record Ignored() implements Outcome {}

  /**
   * @param registrations told of upstreams that registered with the primary
   */
  public StandbySessions(SessionLimits limits, Consumer<UpstreamRegisterRequest> registrations) {
    this.limits = limits;
    this.registrations = registrations;
  }

  /**
   * The primary that is followed from now on. The state of another one is void.
   *
   * @param newLeader its incarnation
   */
  public void follow(String newLeader, long newTerm) {
    if (!newLeader.equals(leader) || newTerm != term) {
      clear();
      leader = newLeader;
      term = newTerm;
    }
  }

  /** Forgets everything. */
  public void clear() {
    logs.clear();
    logsExpected = 0;
    leader = "";
    term = 0;
  }

  /** What the primary is told of what is here. */
  public LogPosition position() {
    LogPosition.Builder position = LogPosition.newBuilder().setLeader(leader).setTerm(term);
    logs.forEach(log -> position.addAppliedLsn(log.cursor.appliedLsn()));
    return position.build();
  }

  /** True when everything that the primary ever saw secured is here. */
  public boolean whole() {
    if (logsExpected == 0 || logs.size() < logsExpected) {
      return false;
    }
    return logs.stream().allMatch(log -> log.cursor.whole());
  }

  /** Sessions held. */
  public int size() {
    int size = 0;
    for (Log log : logs) {
      size += log.sessions.size();
    }
    return size;
  }

  /** Digests compared. */
  public long digestsChecked() {
    return digestsChecked;
  }

  /** Those that differed. */
  public long digestMismatches() {
    return digestMismatches;
  }

  // ---------------------------------------------------------------- entries

  /** Applies a batch of the primary that is followed. */
  public Outcome apply(LogBatch batch, long nowNanos) {
    if (batch.getTerm() != term || batch.getEntriesCount() == 0) {
      return new Ignored();
    }
    if (batch.getLogs() > LOGS_MAX || batch.getLog() >= batch.getLogs()) {
      return new Lost("log: " + batch.getLog() + " of " + batch.getLogs());
    }
    logsExpected = batch.getLogs();
    while (logs.size() <= batch.getLog()) {
      logs.add(new Log());
    }
    Log log = logs.get(batch.getLog());
    try {
      return apply(log, batch, nowNanos);
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      log.cursor.lose();
      return new Lost("log " + batch.getLog() + ": " + e.getMessage());
    }
  }

  private Outcome apply(Log log, LogBatch batch, long nowNanos)
      throws InvalidProtocolBufferException {
    LogEntry first = LogEntry.parseFrom(batch.getEntries(0));
    FollowerLog.Verdict verdict =
        log.cursor.accept(
            term, batch.getFirstLsn(), batch.getEntriesCount(), first.hasSnapshotBegin());
    return switch (verdict) {
      case FollowerLog.Ignore ignore -> new Ignored();
      case FollowerLog.Gap gap -> new Lost("entry " + gap.expectedLsn() + " is missing");
      case FollowerLog.Apply apply -> {
        List<ByteString> entries = batch.getEntriesList();
        for (int i = apply.skip(); i < entries.size(); i++) {
          apply(log, i == 0 ? first : LogEntry.parseFrom(entries.get(i)), nowNanos);
        }
        yield new Applied(log.cursor.appliedLsn());
      }
    };
  }

  private void apply(Log log, LogEntry entry, long nowNanos) {
    switch (entry.getBodyCase()) {
      case SESSION -> apply(log, entry.getSession(), nowNanos);
      case SNAPSHOT_BEGIN -> log.sessions.clear();
      case SNAPSHOT_END -> log.cursor.endSnapshot();
      case REGISTERED -> registrations.accept(entry.getRegistered());
      case DIGEST -> check(log, entry.getDigest());
      case BODY_NOT_SET -> {
        // Of a newer version, which says in its hello what this one must understand.
      }
    }
  }

  private void apply(Log log, SessionEntry entry, long nowNanos) {
    for (SessionOp op : entry.getOpsList()) {
      if (op.hasWhole()) {
        log.sessions.put(entry.getSession(), restored(op.getWhole(), nowNanos));
      } else {
        StandbySession session = log.sessions.get(entry.getSession());
        if (session != null) {
          apply(log, session, op, nowNanos);
        } else if (log.cursor.whole()) {
          throw new IllegalStateException("session " + entry.getSession() + " is not here");
        }
        // While a snapshot comes in, the whole session follows.
      }
    }
  }

  private StandbySession restored(SessionState state, long nowNanos) {
    return new StandbySession(state, SessionReplica.restore(state, limits, idle, nowNanos));
  }

  private static void apply(Log log, StandbySession session, SessionOp op, long nowNanos) {
    switch (op.getOpCase()) {
      case ATTRIBUTE_SET -> session.set(op.getAttributeSet());
      case ATTRIBUTE_REMOVED -> session.remove(op.getAttributeRemoved());
      case ENDED -> log.sessions.remove(session.number());
      default -> SessionReplica.apply(session.session(), op, nowNanos);
    }
  }

  private void check(Log log, SessionDigest digest) {
    StandbySession session = log.sessions.get(digest.getSession());
    if (session == null) {
      return;
    }
    digestsChecked++;
    long mine = SessionReplica.digest(session.session());
    if (mine != digest.getDigest()) {
      digestMismatches++;
      throw new IllegalStateException(
          "session %d: digest %x (expected: %x)"
              .formatted(digest.getSession(), mine, digest.getDigest()));
    }
  }

  // ---------------------------------------------------------------- the promotion

  /**
   * Takes everything out; of two sessions of one player the newer.
   *
   * @throws IllegalStateException unless {@link #whole}
   */
  public Collection<StandbySession> take() {
    if (!whole()) {
      throw new IllegalStateException("the state is not whole (expected: every log is)");
    }
    Map<String, StandbySession> byOpenid = new LinkedHashMap<>();
    for (Log log : logs) {
      for (StandbySession session : log.sessions.values()) {
        @Nullable StandbySession other = byOpenid.get(session.openid());
        if (other == null || other.number() < session.number()) {
          byOpenid.put(session.openid(), session);
        }
      }
    }
    clear();
    return byOpenid.values();
  }

  /** The newest session's number, 0 without one; new sessions must be above it. */
  public long highestNumber() {
    long highest = 0;
    for (Log log : logs) {
      for (long number : log.sessions.keySet()) {
        highest = Math.max(highest, number);
      }
    }
    return highest;
  }

  /** The replica of a session, or null. */
  public @Nullable Session sessionOf(long number) {
    for (Log log : logs) {
      StandbySession session = log.sessions.get(number);
      if (session != null) {
        return session.session();
      }
    }
    return null;
  }
}
