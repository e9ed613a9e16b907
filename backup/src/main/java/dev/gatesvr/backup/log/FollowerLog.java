package dev.gatesvr.backup.log;

/**
 * The follower's cursor in one log. It says what to do with a batch; the caller applies it at once,
 * whole, or calls {@link #lose}.
 *
 * <pre>
 *        a snapshot begins         endSnapshot
 *  LOST ------------------> JOINING ----------> WHOLE
 *   ^  <------------------   |  ^ a snapshot      |
 *   |      gap, lose            | begins          |
 *   |                           '-----------------|
 *   '---------------- gap, lose ------------------'
 * </pre>
 *
 * <p>A new follower is lost. Only a whole one holds a state that may be served: whoever promotes
 * asks {@link #whole} of every log. Not thread-safe; confined to the log's shard.
 */
public final class FollowerLog {
  /** What to do with a batch. */
  public sealed interface Verdict {}

  /**
   * Apply the entries but for the first ones.
   *
   * @param skip how many of the first were applied before; all of them in a repeated batch
   */
  public record Apply(int skip) implements Verdict {}

  /**
   * Something is missing: ask the primary for a resync. Said once; the log is lost from here on.
   *
   * @param expectedLsn what would have followed; 1 when the term is new
   * @param firstLsn what came
   */
  public record Gap(long expectedLsn, long firstLsn) implements Verdict {}

  /** Drop the batch without an answer: it is of an older term, or no snapshot has begun. */
  public record Ignore() implements Verdict {}

  private static final Verdict APPLY_ALL = new Apply(0);
  private static final Verdict IGNORE = new Ignore();

  private enum State {
    /** Has no state; waits for a snapshot. */
    LOST,
    /** Takes a snapshot in; half of a state. */
    JOINING,
    /** Holds everything up to its cursor. */
    WHOLE
  }

  private State state = State.LOST;
  private long term;
  private long appliedLsn;

  /** The newest term seen, 0 before the first. */
  public long term() {
    return term;
  }

  /**
   * The newest entry applied, to be said to the primary after a reconnect; 0 when the log is lost
   * and needs a snapshot.
   */
  public long appliedLsn() {
    return state == State.LOST ? 0 : appliedLsn;
  }

  /** True while it needs a snapshot. */
  public boolean lost() {
    return state == State.LOST;
  }

  /** True when it holds everything up to {@link #appliedLsn}. */
  public boolean whole() {
    return state == State.WHOLE;
  }

  /**
   * Judges a batch, and moves the cursor over it when it is to be applied.
   *
   * @param beginsSnapshot its first entry is a SnapshotBegin: it may come with any number. In the
   *     middle of a batch there is none, for a log begins anew with it
   * @throws IllegalArgumentException for a number, a count or a term below 1
   */
  public Verdict accept(long batchTerm, long firstLsn, int count, boolean beginsSnapshot) {
    if (batchTerm < 1 || firstLsn < 1 || count < 1) {
      throw new IllegalArgumentException(
          "term: %d, firstLsn: %d, count: %d (expected: all >= 1)"
              .formatted(batchTerm, firstLsn, count));
    }
    if (batchTerm < term) {
      return IGNORE;
    }
    boolean newTerm = batchTerm > term;
    term = batchTerm;
    if (beginsSnapshot && (newTerm || state == State.LOST || firstLsn > appliedLsn)) {
      state = State.JOINING;
      appliedLsn = firstLsn + count - 1;
      return APPLY_ALL;
    }
    if (state == State.LOST && !newTerm) {
      return IGNORE;
    }
    if (newTerm || firstLsn > appliedLsn + 1) {
      long expected = newTerm ? 1 : appliedLsn + 1;
      state = State.LOST;
      return new Gap(expected, firstLsn);
    }
    int skip = (int) Math.min(appliedLsn + 1 - firstLsn, count);
    appliedLsn = Math.max(appliedLsn, firstLsn + count - 1);
    return skip == 0 ? APPLY_ALL : new Apply(skip);
  }

  /**
   * Notes that the snapshot's last entry was applied.
   *
   * @throws IllegalStateException when no snapshot has begun, or this one ended already
   */
  public void endSnapshot() {
    if (state != State.JOINING) {
      throw new IllegalStateException("snapshot end: " + state + " (expected: JOINING)");
    }
    state = State.WHOLE;
  }

  /** Gives up what was applied: an entry made no sense, or the state is no longer kept. */
  public void lose() {
    state = State.LOST;
  }
}
