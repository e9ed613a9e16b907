package dev.gatesvr.backup.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.backup.log.FollowerLog.Apply;
import dev.gatesvr.backup.log.FollowerLog.Gap;
import dev.gatesvr.backup.log.FollowerLog.Ignore;
import org.junit.jupiter.api.Test;

class FollowerLogTest {
  private final FollowerLog log = new FollowerLog();

  @Test
  void beginsLostAndAsksForASnapshotOnce() {
    assertThat(log.lost()).isTrue();
    assertThat(log.accept(1, 7, 2, false)).isEqualTo(new Gap(1, 7));
    assertThat(log.accept(1, 9, 2, false)).isEqualTo(new Ignore());
    assertThat(log.appliedLsn()).isZero();
  }

  @Test
  void isWholeOnlyAfterTheSnapshotsEnd() {
    assertThat(log.accept(3, 7, 2, true)).isEqualTo(new Apply(0));
    assertThat(log.appliedLsn()).isEqualTo(8);
    assertThat(log.lost()).isFalse();
    assertThat(log.whole()).isFalse();
    log.endSnapshot();
    assertThat(log.whole()).isTrue();
    assertThat(log.term()).isEqualTo(3);
  }

  @Test
  void skipsWhatItHad() {
    whole(3, 10);
    assertThat(log.accept(3, 11, 1, false)).isEqualTo(new Apply(0));
    assertThat(log.accept(3, 9, 4, false)).isEqualTo(new Apply(3));
    assertThat(log.accept(3, 9, 2, false)).isEqualTo(new Apply(2));
    assertThat(log.appliedLsn()).isEqualTo(12);
  }

  @Test
  void aHoleLosesTheLog() {
    whole(3, 10);
    assertThat(log.accept(3, 12, 1, false)).isEqualTo(new Gap(11, 12));
    assertThat(log.whole()).isFalse();
    assertThat(log.accept(3, 11, 1, false)).isEqualTo(new Ignore());
    assertThat(log.accept(3, 14, 1, true)).isEqualTo(new Apply(0));
    assertThat(log.appliedLsn()).isEqualTo(14);
  }

  @Test
  void anOlderTermIsIgnoredAndANewerOneNeedsASnapshot() {
    whole(3, 10);
    assertThat(log.accept(2, 11, 1, false)).isEqualTo(new Ignore());
    assertThat(log.accept(2, 11, 1, true)).isEqualTo(new Ignore());
    assertThat(log.whole()).isTrue();
    assertThat(log.accept(4, 11, 1, false)).isEqualTo(new Gap(1, 11));
    assertThat(log.accept(3, 11, 1, true)).isEqualTo(new Ignore());
    assertThat(log.accept(4, 2, 1, true)).isEqualTo(new Apply(0));
    assertThat(log.term()).isEqualTo(4);
  }

  @Test
  void aSnapshotOfANewTermCountsFromItsOwnNumbers() {
    whole(3, 10);
    assertThat(log.accept(4, 2, 3, true)).isEqualTo(new Apply(0));
    assertThat(log.appliedLsn()).isEqualTo(4);
  }

  @Test
  void aRepeatedSnapshotBatchIsSkippedAndAnotherSnapshotBeginsAnew() {
    whole(3, 10);
    assertThat(log.accept(3, 10, 1, true)).isEqualTo(new Apply(1));
    assertThat(log.whole()).isTrue();
    assertThat(log.accept(3, 12, 1, true)).isEqualTo(new Apply(0));
    assertThat(log.whole()).isFalse();
  }

  @Test
  void givingUpNeedsASnapshot() {
    whole(3, 10);
    log.lose();
    assertThat(log.appliedLsn()).isZero();
    assertThat(log.accept(3, 11, 1, false)).isEqualTo(new Ignore());
  }

  @Test
  void refusesNumbersThatCannotBe() {
    for (long[] bad : new long[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
      assertThatThrownBy(() -> log.accept(bad[0], bad[1], (int) bad[2], false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected: all >= 1");
    }
  }

  @Test
  void aSnapshotEndsOnceAndOnlyAfterItsBeginning() {
    assertThatThrownBy(log::endSnapshot)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("LOST");
    whole(1, 1);
    assertThatThrownBy(log::endSnapshot)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("WHOLE");
  }

  private void whole(long term, long lsn) {
    log.accept(term, lsn, 1, true);
    log.endSnapshot();
  }
}
