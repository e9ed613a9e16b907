package dev.gatesvr.backup.log;

import static dev.gatesvr.backup.log.ReplicationLog.ENTRY_OVERHEAD_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReplicationLogTest {
  private static final int COST = 10 + ENTRY_OVERHEAD_BYTES;

  @Test
  void countsFromOne() {
    ReplicationLog log = log(100, 10, 1_000, 1_000);
    assertThat(log.append(entry(1))).isEqualTo(1);
    assertThat(log.append(entry(2))).isEqualTo(2);
    cursors(log, 0, 0, 2);
    assertThat(log.next()).isEqualTo(new Batch(1, List.of(entry(1), entry(2))));
    cursors(log, 0, 2, 2);
    assertThat(log.next()).isNull();
  }

  @Test
  void aBatchHoldsAtMostItsEntries() {
    ReplicationLog log = filled(log(100, 3, 1_000, 1_000), 4);
    assertThat(next(log).lastLsn()).isEqualTo(3);
    assertThat(next(log).lastLsn()).isEqualTo(4);
  }

  @Test
  void aBatchHoldsAtMostItsBytes() {
    ReplicationLog log = filled(log(100, 10, 2 * COST, 1_000), 3);
    assertThat(next(log).lastLsn()).isEqualTo(2);
    assertThat(next(log).lastLsn()).isEqualTo(3);
  }

  @Test
  void anEntryAboveABatchTravelsAlone() {
    ReplicationLog log = log(100, 10, 2 * COST, 1_000);
    log.append(entry(1));
    log.append(ByteString.copyFrom(new byte[90]));
    log.append(entry(3));
    assertThat(next(log).lastLsn()).isEqualTo(1);
    assertThat(next(log).entries()).hasSize(1);
    assertThat(next(log).lastLsn()).isEqualTo(3);
  }

  @Test
  void creditsStopTheSending() {
    ReplicationLog log = filled(log(100, 2, 2 * COST, 3 * COST), 6);
    assertThat(next(log).lastLsn()).isEqualTo(2);
    assertThat(next(log).lastLsn()).isEqualTo(3);
    assertThat(log.next()).isNull();
    assertThat(log.unackedBytes()).isEqualTo(3 * COST);
    log.ack(1);
    assertThat(next(log).lastLsn()).isEqualTo(4);
    assertThat(log.next()).isNull();
  }

  @Test
  void anEntryAboveTheWindowIsSentWhenNothingIsUnderWay() {
    ReplicationLog log = log(100, 10, 2 * COST, 3 * COST);
    log.append(entry(1));
    log.append(ByteString.copyFrom(new byte[90]));
    next(log);
    assertThat(log.next()).isNull();
    log.ack(1);
    assertThat(next(log).lastLsn()).isEqualTo(2);
  }

  @Test
  void anAckTrimsAndAStaleOneDoesNothing() {
    ReplicationLog log = filled(log(100, 10, 1_000, 1_000), 3);
    next(log);
    assertThat(log.ack(2)).isTrue();
    assertThat(log.queuedEntries()).isEqualTo(1);
    assertThat(log.queuedBytes()).isEqualTo(COST);
    assertThat(log.ack(2)).isFalse();
    assertThat(log.ack(1)).isFalse();
    assertThat(log.ack(0)).isFalse();
    cursors(log, 2, 3, 3);
  }

  @Test
  void refusesAnAckAboveWhatWasSent() {
    ReplicationLog log = filled(log(100, 2, 1_000, 1_000), 3);
    next(log);
    assertThatThrownBy(() -> log.ack(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ack: 3 (expected: <= 2)");
  }

  @Test
  void goesOnAfterWhatTheFollowerHas() {
    ReplicationLog log = filled(log(100, 10, 1_000, 1_000), 5);
    next(log);
    log.ack(2);
    log.append(entry(6));
    assertThat(log.canResumeAfter(1)).isFalse();
    assertThat(log.canResumeAfter(2)).isTrue();
    assertThat(log.canResumeAfter(5)).isTrue();
    assertThat(log.canResumeAfter(6)).as("never sent").isFalse();
    log.resumeAfter(3);
    cursors(log, 3, 3, 6);
    assertThat(log.unackedBytes()).isZero();
    assertThat(next(log).firstLsn()).isEqualTo(4);
  }

  @Test
  void goesOnAfterWhatAnEarlierConnectionCarried() {
    ReplicationLog log = filled(log(100, 10, 1_000, 1_000), 5);
    next(log);
    log.resumeAfter(1);
    assertThat(log.sentLsn()).isEqualTo(1);
    assertThat(log.canResumeAfter(5)).isTrue();
    log.resumeAfter(5);
    cursors(log, 5, 5, 5);
  }

  @Test
  void neverGoesOnForAFollowerWithNothing() {
    ReplicationLog log = filled(log(100, 10, 1_000, 1_000), 1);
    next(log);
    assertThat(log.canResumeAfter(0)).isFalse();
    assertThatThrownBy(() -> log.resumeAfter(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resume after: 0 (expected: 1 to 1)");
  }

  @Test
  void aRestartLeavesOneNumberOut() {
    ReplicationLog log = filled(log(100, 10, 1_000, 1_000), 3);
    next(log);
    log.restart();
    cursors(log, 4, 4, 4);
    assertThat(log.queuedEntries()).isZero();
    assertThat(log.queuedBytes()).isZero();
    assertThat(log.ack(3)).as("still under way").isFalse();
    assertThat(log.append(entry(5))).isEqualTo(5);
    for (long lsn = 0; lsn <= 5; lsn++) {
      assertThat(log.canResumeAfter(lsn)).isFalse();
    }
    next(log);
    assertThat(log.canResumeAfter(4)).isFalse();
    assertThat(log.canResumeAfter(5)).isTrue();
  }

  @Test
  void securesNothingBeforeTheSnapshotsEnd() {
    ReplicationLog log = filled(log(100, 10, 1_000, 1_000), 2);
    next(log);
    log.ack(2);
    assertThat(log.securedLsn()).isZero();
    long end = log.endSnapshot(entry(3));
    next(log);
    log.ack(end);
    assertThat(log.securedLsn()).isEqualTo(end);
    log.restart();
    log.append(entry(5));
    next(log);
    log.ack(5);
    assertThat(log.securedLsn()).isEqualTo(end);
    log.endSnapshot(entry(6));
    log.append(entry(7));
    next(log);
    log.ack(7);
    assertThat(log.securedLsn()).isEqualTo(7);
  }

  @Test
  void aSnapshotEndsOnce() {
    ReplicationLog log = log(100, 10, 1_000, 1_000);
    log.endSnapshot(entry(1));
    assertThatThrownBy(() -> log.endSnapshot(entry(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the snapshot ended at 1 (expected: a restart since)");
  }

  @Test
  void isFullAtEitherLimitAndTakesUpToTwice() {
    ReplicationLog entries = new ReplicationLog(new LogLimits(100, 4, 1 << 20, 1, 100, 1_000));
    filled(entries, 3);
    assertThat(entries.full()).isFalse();
    filled(entries, 1);
    assertThat(entries.full()).isTrue();
    filled(entries, 4);
    assertThat(entries.closed()).isTrue();
    assertThatThrownBy(() -> entries.append(entry(9)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("log: 8 entries, 144 bytes (expected: < 8 and < 2097152)");
    next(entries);
    entries.ack(1);
    entries.append(entry(9));

    ReplicationLog bytes = new ReplicationLog(new LogLimits(100, 99, 3 * COST, 1, COST, COST));
    filled(bytes, 2);
    assertThat(bytes.full()).isFalse();
    filled(bytes, 1);
    assertThat(bytes.full()).isTrue();
    filled(bytes, 3);
    assertThatThrownBy(() -> bytes.append(entry(9))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesAnEntryAboveItsLimit() {
    ReplicationLog log = log(100, 10, 1_000, 1_000);
    log.append(ByteString.copyFrom(new byte[100]));
    assertThatThrownBy(() -> log.append(ByteString.copyFrom(new byte[101])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("entry: 101 bytes (expected: <= 100)");
  }

  private static ReplicationLog log(
      int entryBytes, int batchEntries, int batchBytes, int windowBytes) {
    return new ReplicationLog(
        new LogLimits(entryBytes, 1_000, 1 << 20, batchEntries, batchBytes, windowBytes));
  }

  private static ReplicationLog filled(ReplicationLog log, int entries) {
    for (int i = 0; i < entries; i++) {
      log.append(entry((int) log.lastLsn() + 1));
    }
    return log;
  }

  private static ByteString entry(int number) {
    byte[] bytes = new byte[10];
    bytes[0] = (byte) number;
    return ByteString.copyFrom(bytes);
  }

  private static Batch next(ReplicationLog log) {
    return Objects.requireNonNull(log.next());
  }

  private static void cursors(ReplicationLog log, long acked, long sent, long last) {
    assertThat(new long[] {log.ackedLsn(), log.sentLsn(), log.lastLsn()})
        .containsExactly(acked, sent, last);
  }
}
