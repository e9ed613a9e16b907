package dev.gatesvr.gateway.replica;

import dev.gatesvr.backup.log.Batch;
import dev.gatesvr.backup.log.LogLimits;
import dev.gatesvr.backup.log.ReplicationLog;
import dev.gatesvr.proto.LogEntry;
import dev.gatesvr.proto.SessionDigest;
import dev.gatesvr.proto.SnapshotBegin;
import dev.gatesvr.proto.SnapshotEnd;
import dev.gatesvr.session.Recorder;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One shard's log and what waits for it; the package has the story. Not thread-safe; confined to
 * the shard's loop, except {@link #status}.
 *
 * <p>Bounds: the log's {@link LogLimits}. What waits is bounded by what the gateway lets in, and
 * {@link #full} stops that.
 */
public final class ShardReplica {
  /** So many entries of a snapshot are made ahead of what was sent. */
  private static final int SNAPSHOT_AHEAD_ENTRIES = 64;

  /** What leaves, of what the mode holds back. */
  private enum Gate {
    /** Everything, at once. */
    OPEN,
    /** What the follower has. */
    FOLLOWER,
    /** Nothing yet. */
    SHUT,
    /** Nothing any more: another process leads, and has what its clients must know. */
    DEPOSED
  }

  private final int index;
  private final ReplicationMode mode;
  private final Recorder recorder = new Recorder();
  private final ReplicationLog log;
  private final LongSupplier nanoTime;
  private final DigestPace digests;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  private @Nullable FollowerPort follower;
  private @Nullable Iterator<LogEntry> snapshot;
  private int snapshotEntries;
  private long snapshots;

  private Gate gate = Gate.OPEN;

  /** The follower has caught up once this is secured. */
  private long caughtUpLsn;

  private boolean toldCaughtUp;
  private Runnable flushLater = () -> {};
  private boolean flushScheduled;
  private volatile ReplicaStatus status = ReplicaStatus.NONE;

  /**
   * @param index names the log
   * @param digestEvery entries between two digests
   * @param nanoTime the shard's clock
   */
  public ShardReplica(
      int index, ReplicationMode mode, LogLimits limits, int digestEvery, LongSupplier nanoTime) {
    this.index = index;
    this.mode = mode;
    this.log = new ReplicationLog(limits);
    this.digests = new DigestPace(digestEvery);
    this.nanoTime = nanoTime;
  }

  /** Sets what makes {@link #flush} be called at the end of the loop's turn. */
  public void flushWith(Runnable newFlushLater) {
    flushLater = newFlushLater;
  }

  /** Where this shard's sessions write down what happens to them. */
  public Recorder recorder() {
    return recorder;
  }

  /** How far it is. Any thread; some turns of the loop old. */
  public ReplicaStatus status() {
    return status;
  }

  // ---------------------------------------------------------------- inputs of sessions

  /**
   * An input of the session is over: what it did becomes an entry.
   *
   * @param session the session's number
   * @param digest asked for now and then, so that a difference is found
   */
  public void commit(long session, LongSupplier digest) {
    if (recorder.isEmpty()) {
      return;
    }
    append(LogEntry.newBuilder().setSession(recorder.take(session)).build());
    if (recorder.recording() && digests.due()) {
      append(
          LogEntry.newBuilder()
              .setDigest(
                  SessionDigest.newBuilder().setSession(session).setDigest(digest.getAsLong()))
              .build());
    }
  }

  /** Appends what is no session's; nothing happens while nobody records. */
  public void append(LogEntry entry) {
    if (!recorder.recording()) {
      return;
    }
    if (log.closed() || (log.full() && follower == null)) {
      forget("the log is full");
      return;
    }
    log.append(entry.toByteString());
    scheduleFlush();
  }

  /** Whoever follows next needs a snapshot; what waits goes on waiting for it, or for solo. */
  private void forget(String why) {
    log.restart();
    recorder.recording(false);
    snapshot = null;
    FollowerPort lost = follower;
    follower = null;
    if (lost != null) {
      lost.dropped(index, why);
    }
  }

  /** True when nothing new should be let in until the standby took more. */
  public boolean full() {
    return gate != Gate.OPEN && gate != Gate.DEPOSED && log.full();
  }

  /** True when an answer that was given is never asked for again by a gateway that takes over. */
  public boolean settledIsKnown() {
    return gate == Gate.OPEN || mode.holdsOutputs();
  }

  /** True while deliveries, answers and requests wait. */
  public boolean holdsOutputs() {
    return recorder.holding();
  }

  /**
   * Lets something of the input that is under way leave, once its entry is secured if outputs wait.
   *
   * @param abandon instead, when this process stops to lead before that
   */
  public void leaveAfterInput(Runnable leave, Runnable abandon) {
    long lsn = recorder.isEmpty() ? log.lastLsn() : log.lastLsn() + 1;
    leave(recorder.holding(), lsn, leave, abandon);
  }

  /** The same for what was committed already. */
  public void leaveAfterCommit(Runnable leave, Runnable abandon) {
    leave(recorder.holding(), log.lastLsn(), leave, abandon);
  }

  /** The same for the answer to a push. */
  public void acknowledge(Runnable leave, Runnable abandon) {
    leave(gate != Gate.OPEN && mode.holdsAcks(), log.lastLsn(), leave, abandon);
  }

  private void leave(boolean holds, long lsn, Runnable leave, Runnable abandon) {
    boolean secured = gate == Gate.FOLLOWER && waiting.isEmpty() && lsn <= log.securedLsn();
    if (gate == Gate.DEPOSED) {
      abandon.run();
    } else if (!holds || secured) {
      leave.run();
    } else {
      waiting.add(new Waiting(lsn, nanoTime.getAsLong(), leave, abandon));
      if (waiting.size() == 1) {
        publish();
      }
    }
  }

  /** True when the follower has everything, and nothing waits. */
  public boolean quiet() {
    return follower != null && waiting.isEmpty() && secures() && log.ackedLsn() == log.lastLsn();
  }

  // ---------------------------------------------------------------- the follower

  /**
   * Somebody follows from now on, in the place of whoever did.
   *
   * @param appliedLsn what it has of this very log, 0 for nothing
   * @param entries makes what the follower must have, one by one, when it is asked
   */
  public void follow(FollowerPort port, long appliedLsn, Iterator<LogEntry> entries) {
    follower = port;
    snapshot = null;
    toldCaughtUp = false;
    if (recorder.recording() && log.canResumeAfter(appliedLsn)) {
      log.resumeAfter(appliedLsn);
      holdBack();
    } else {
      log.restart();
      recorder.recording(true);
      snapshot = entries;
      snapshotEntries = 0;
      snapshots++;
      caughtUpLsn = Long.MAX_VALUE;
      append(LogEntry.newBuilder().setSnapshotBegin(SnapshotBegin.getDefaultInstance()).build());
    }
    flush();
    secured();
  }

  /**
   * Somebody in sync follows again, and gets what it lacks. When that is no longer kept it is
   * dropped: a snapshot would void what it holds.
   */
  public void resume(FollowerPort port, long appliedLsn) {
    if (recorder.recording() && log.canResumeAfter(appliedLsn)) {
      follow(port, appliedLsn, Collections.emptyIterator());
    } else {
      port.dropped(index, "what follows " + appliedLsn + " is no longer kept");
    }
  }

  /** The follower is gone. What waits goes on waiting; the log is kept for its return. */
  public void unfollow(FollowerPort port) {
    if (port.equals(follower)) {
      follower = null;
      if (snapshot != null) {
        forget("");
      }
      publish();
    }
  }

  /** Everything leaves, and nothing waits: the register says that this process goes on alone. */
  public void open() {
    gate(Gate.OPEN);
    follower = null;
    if (snapshot != null) {
      forget("");
    }
    while (!waiting.isEmpty()) {
      waiting.remove().leave().run();
    }
    publish();
  }

  /** Nothing leaves, whoever has it; every lead begins with this. */
  public void shut() {
    gate(Gate.SHUT);
    publish();
  }

  /** What the follower has leaves. */
  public void awaitFollower() {
    gate(Gate.FOLLOWER);
    secured();
  }

  private void gate(Gate newGate) {
    gate = newGate;
    boolean mute = newGate == Gate.DEPOSED;
    recorder.holding(mute || (newGate != Gate.OPEN && mode.holdsOutputs()));
  }

  /** This process no longer leads: nothing of what waits, or comes, ever leaves. */
  public void depose() {
    gate(Gate.DEPOSED);
    recorder.recording(false);
    follower = null;
    snapshot = null;
    log.restart();
    while (!waiting.isEmpty()) {
      waiting.remove().abandon().run();
    }
    publish();
  }

  /**
   * The follower has everything up to here.
   *
   * @throws IllegalArgumentException above what was sent
   */
  public void onAck(FollowerPort from, long lsn) {
    if (from.equals(follower)) {
      log.ack(lsn);
      flush();
      secured();
    }
  }

  /** From now on what leaves waits; the follower has caught up when it has what is there now. */
  private void holdBack() {
    if (gate == Gate.OPEN) {
      gate(Gate.FOLLOWER);
    }
    caughtUpLsn = log.lastLsn();
  }

  private void secured() {
    if (caughtUpLsn == Long.MAX_VALUE && snapshot == null && secures()) {
      holdBack();
    }
    while (gate == Gate.FOLLOWER
        && !waiting.isEmpty()
        && waiting.getFirst().lsn() <= log.securedLsn()) {
      waiting.remove().leave().run();
    }
    if (!toldCaughtUp && follower != null && secures() && log.ackedLsn() >= caughtUpLsn) {
      toldCaughtUp = true;
      follower.caughtUp(index);
    }
    publish();
  }

  /** True once the follower has a whole state. */
  private boolean secures() {
    return snapshot == null && log.securedLsn() == log.ackedLsn();
  }

  // ---------------------------------------------------------------- sending

  private void scheduleFlush() {
    if (!flushScheduled && follower != null) {
      flushScheduled = true;
      flushLater.run();
    }
  }

  /** Sends what may be sent. */
  public void flush() {
    flushScheduled = false;
    FollowerPort to = follower;
    boolean more = to != null;
    while (to != null && more) {
      makeSnapshot();
      Batch batch = log.next();
      more = batch != null;
      if (batch != null) {
        to.send(index, batch);
      }
    }
    publish();
  }

  private void makeSnapshot() {
    Iterator<LogEntry> left = snapshot;
    while (left != null && log.lastLsn() - log.sentLsn() < SNAPSHOT_AHEAD_ENTRIES && !log.full()) {
      if (left.hasNext()) {
        log.append(left.next().toByteString());
        snapshotEntries++;
      } else {
        snapshot = null;
        log.endSnapshot(
            LogEntry.newBuilder()
                .setSnapshotEnd(SnapshotEnd.newBuilder().setEntries(snapshotEntries))
                .build()
                .toByteString());
        left = null;
      }
    }
  }

  private void publish() {
    Waiting oldest = waiting.peekFirst();
    status =
        new ReplicaStatus(
            log.lastLsn(),
            log.sentLsn(),
            log.ackedLsn(),
            log.queuedEntries(),
            log.queuedBytes(),
            gate != Gate.OPEN,
            waiting.size(),
            oldest == null ? 0 : oldest.sinceNanos(),
            snapshots);
  }
}
