package dev.gatesvr.backup.log;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serialized entries of one shard from their numbering to the follower's acknowledgement, with
 * three cursors: {@code ackedLsn ≤ sentLsn ≤ lastLsn}. Entries count from 1.
 *
 * <p>Holds at most {@link LogLimits#HARD_FACTOR} times the entries and bytes of its limits; from
 * once the limits on it is {@link #full}, and the caller lets nothing new in. Slots grow by
 * doubling and go back when the log runs empty. Not thread-safe; confined to its shard.
 */
public final class ReplicationLog {
  /** What an entry costs beside its bytes, on the wire and in memory. */
  public static final int ENTRY_OVERHEAD_BYTES = 8;

  private static final int SLOTS_MIN = 16;
  private static final int SLOTS_KEPT_WHEN_EMPTY = 1_024;
  private static final ByteString[] NONE = {};

  private final LogLimits limits;

  /** Circular; the oldest is at {@code head}, its number is {@code ackedLsn + 1}. */
  private @Nullable ByteString[] slots = NONE;

  private int head;
  private int count;

  /** How many of the oldest were sent to the follower of now. */
  private int sent;

  private long bytes;
  private long sentBytes;
  private long ackedLsn;
  private long everSentLsn;

  /** The number that the last restart left out; a follower that can resume is beyond it. */
  private long startLsn;

  /** An acknowledgement from here on secures; {@link Long#MAX_VALUE} until the snapshot's end. */
  private long securesFromLsn = Long.MAX_VALUE;

  private long securedLsn;

  public ReplicationLog(LogLimits limits) {
    this.limits = limits;
  }

  /** Newest entry the follower acknowledged. After a restart: the number that was left out. */
  public long ackedLsn() {
    return ackedLsn;
  }

  /** Newest entry handed out since the follower came. */
  public long sentLsn() {
    return ackedLsn + sent;
  }

  /** Newest number given out. */
  public long lastLsn() {
    return ackedLsn + count;
  }

  /**
   * Newest entry whose effects, and those of all before it, a follower acknowledged to hold. Never
   * above {@link #ackedLsn}; stands still from a restart until the snapshot's end is acknowledged.
   */
  public long securedLsn() {
    return securedLsn;
  }

  /** Entries kept. */
  public int queuedEntries() {
    return count;
  }

  /** Their bytes, with the overhead. */
  public long queuedBytes() {
    return bytes;
  }

  /** Bytes sent and not acknowledged, with the overhead. */
  public long unackedBytes() {
    return sentBytes;
  }

  /** True when a limit is reached: nothing new should be let in until acknowledgements come. */
  public boolean full() {
    return count >= limits.entriesMax() || bytes >= limits.bytesMax();
  }

  /** True when {@link #append} would throw for any entry. */
  public boolean closed() {
    return count >= limits.hardEntries() || bytes >= limits.hardBytes();
  }

  // ---------------------------------------------------------------- in

  /**
   * Keeps an entry, also when {@link #full}.
   *
   * @return its number
   * @throws IllegalArgumentException when it is larger than an entry may be
   * @throws IllegalStateException when {@link #closed}
   */
  public long append(ByteString entry) {
    if (entry.size() > limits.entryBytesMax()) {
      throw new IllegalArgumentException(
          "entry: " + entry.size() + " bytes (expected: <= " + limits.entryBytesMax() + ")");
    }
    if (closed()) {
      throw new IllegalStateException(
          "log: %d entries, %d bytes (expected: < %d and < %d)"
              .formatted(count, bytes, limits.hardEntries(), limits.hardBytes()));
    }
    if (count == slots.length) {
      grow();
    }
    slots[index(count)] = entry;
    count++;
    bytes += cost(entry);
    return lastLsn();
  }

  /**
   * Appends the entry that completes a snapshot: once it is acknowledged, {@link #securedLsn} moves
   * again.
   *
   * @throws IllegalStateException when no snapshot is under way, or as {@link #append} does
   */
  public long endSnapshot(ByteString entry) {
    if (securesFromLsn != Long.MAX_VALUE) {
      throw new IllegalStateException(
          "the snapshot ended at " + securesFromLsn + " (expected: a restart since)");
    }
    securesFromLsn = append(entry);
    return securesFromLsn;
  }

  /**
   * Forgets every entry: nobody follows, or the follower needs a snapshot. Numbers go on, and one
   * is left out. {@link #securedLsn} stands still until {@link #endSnapshot} is acknowledged.
   */
  public void restart() {
    startLsn = lastLsn() + 1;
    ackedLsn = startLsn;
    slots = NONE;
    head = 0;
    count = 0;
    sent = 0;
    bytes = 0;
    sentBytes = 0;
    securesFromLsn = Long.MAX_VALUE;
  }

  // ---------------------------------------------------------------- out

  /** The next batch, which counts as sent from now on; null when nothing may be sent. */
  public @Nullable Batch next() {
    int entries = 0;
    long batchBytes = 0;
    while (sent + entries < count && entries < limits.batchEntriesMax()) {
      long grown = batchBytes + cost(at(sent + entries));
      boolean alone = entries == 0;
      boolean tooLarge = !alone && grown > limits.batchBytesMax();
      boolean noCredit = sentBytes + grown > limits.windowBytesMax() && !(alone && sent == 0);
      if (tooLarge || noCredit) {
        break;
      }
      batchBytes = grown;
      entries++;
    }
    if (entries == 0) {
      return null;
    }
    ByteString[] batch = new ByteString[entries];
    for (int i = 0; i < entries; i++) {
      batch[i] = at(sent + i);
    }
    long firstLsn = sentLsn() + 1;
    sent += entries;
    sentBytes += batchBytes;
    everSentLsn = Math.max(everSentLsn, sentLsn());
    return new Batch(firstLsn, List.of(batch));
  }

  /**
   * Takes a cumulative acknowledgement and trims. A stale one does nothing.
   *
   * @return true when it freed something
   * @throws IllegalArgumentException above what was sent to this follower
   */
  public boolean ack(long lsn) {
    if (lsn > sentLsn()) {
      throw new IllegalArgumentException("ack: " + lsn + " (expected: <= " + sentLsn() + ")");
    }
    if (lsn <= ackedLsn) {
      return false;
    }
    while (ackedLsn < lsn) {
      removeOldest();
    }
    if (count == 0) {
      head = 0;
      if (slots.length > SLOTS_KEPT_WHEN_EMPTY) {
        slots = NONE;
      }
    }
    if (ackedLsn >= securesFromLsn) {
      securedLsn = ackedLsn;
    }
    return true;
  }

  /**
   * True when a follower that applied everything up to {@code lsn} of this very log can go on: what
   * follows is kept. Never for 0, which is a follower without anything. The caller has checked that
   * the position names this process and term.
   */
  public boolean canResumeAfter(long lsn) {
    return lsn > startLsn && lsn >= ackedLsn && lsn <= everSentLsn;
  }

  /**
   * Goes on after {@code lsn} for a follower that came back: acknowledges up to it, and everything
   * after it is sent again.
   *
   * @throws IllegalArgumentException unless {@link #canResumeAfter}
   */
  public void resumeAfter(long lsn) {
    if (!canResumeAfter(lsn)) {
      throw new IllegalArgumentException(
          "resume after: %d (expected: %d to %d)"
              .formatted(lsn, Math.max(startLsn + 1, ackedLsn), everSentLsn));
    }
    while (sentLsn() < lsn) {
      sentBytes += cost(at(sent));
      sent++;
    }
    ack(lsn);
    sent = 0;
    sentBytes = 0;
  }

  private void removeOldest() {
    long cost = cost(at(0));
    slots[head] = null;
    head = index(1);
    count--;
    sent--;
    bytes -= cost;
    sentBytes -= cost;
    ackedLsn++;
  }

  private static long cost(ByteString entry) {
    return (long) entry.size() + ENTRY_OVERHEAD_BYTES;
  }

  private ByteString at(int position) {
    ByteString entry = slots[index(position)];
    if (entry == null) {
      throw new IllegalStateException("no entry " + position + " (expected: < " + count + ")");
    }
    return entry;
  }

  private int index(int position) {
    return (head + position) & (slots.length - 1);
  }

  private void grow() {
    @Nullable ByteString[] larger = new @Nullable ByteString[Math.max(SLOTS_MIN, slots.length * 2)];
    for (int i = 0; i < count; i++) {
      larger[i] = at(i);
    }
    slots = larger;
    head = 0;
  }
}
