package dev.gatesvr.cmd.demo.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** The checker must see each of the things that must not happen. */
class DiaryTest {
  private final Chapters chapters = new Chapters();
  private final Diary diary = new Diary(chapters, 0);

  private static BitSet numbers(int... numbers) {
    BitSet bits = new BitSet();
    for (int number : numbers) {
      bits.set(number);
    }
    return bits;
  }

  private static long ms(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private void ask(int count) {
    for (int i = 1; i <= count; i++) {
      assertThat(diary.ask()).isEqualTo(i);
    }
  }

  /** Two requests answered, and pushes 1 and 2. */
  private void goodDay() {
    ask(2);
    diary.answered(1, ms(1));
    diary.pushed(1, ms(2));
    diary.answered(2, ms(3));
    diary.pushed(2, ms(4));
  }

  private static Ledger goodLedger() {
    return new Ledger(2, numbers(1, 2), numbers(), numbers(1, 2), 0);
  }

  @Test
  void findsNothingWrongWithAGoodDay() {
    goodDay();
    assertThat(diary.compare(goodLedger()).wrong()).isEmpty();
    assertThat(diary.complete(goodLedger())).isTrue();
    assertThat(diary.firstComplaint()).isEmpty();
  }

  @Test
  void anAcknowledgedPushThatNeverCameIsLost() {
    goodDay();
    Ledger three = new Ledger(3, numbers(1, 2, 3), numbers(), numbers(1, 2), 0);
    assertThat(diary.complete(three)).isFalse();
    assertThat(diary.compare(three).wrong()).containsExactly("1 pushes lost");
  }

  @Test
  void aPushWithAnUnknownOutcomeMayComeOrNot() {
    goodDay();
    Ledger ledger = new Ledger(4, numbers(1), numbers(2, 3), numbers(1, 2), 0);
    Tally tally = diary.compare(ledger);
    assertThat(tally.wrong()).isEmpty();
    assertThat(tally.pushes().unknown()).isEqualTo(2);
    assertThat(tally.pushes().unknownButCame()).isEqualTo(1);
    assertThat(tally.pushes().notTaken()).isEqualTo(1);
  }

  @Test
  void aPushThatComesAgainIsADuplicate() {
    goodDay();
    diary.pushed(1, ms(5));
    assertThat(diary.compare(goodLedger()).wrong()).containsExactly("1 pushes twice");
    assertThat(diary.firstComplaint()).isEqualTo("push 1 came twice");
  }

  @Test
  void aPushBehindALaterOneIsReordered() {
    ask(1);
    diary.answered(1, ms(1));
    diary.pushed(2, ms(2));
    diary.pushed(1, ms(3));
    Ledger ledger = new Ledger(2, numbers(1, 2), numbers(), numbers(1), 0);
    assertThat(diary.compare(ledger).wrong()).containsExactly("1 pushes out of order");
  }

  @Test
  void aRequestMustBeAnsweredAndRunOnce() {
    goodDay();
    assertThat(diary.ask()).isEqualTo(3);
    diary.failed(3, "too late");
    Ledger ledger = new Ledger(2, numbers(1, 2), numbers(), numbers(1, 3), 1);
    assertThat(diary.compare(ledger).wrong())
        .containsExactly(
            "1 requests without an answer",
            "1 requests run twice",
            "1 requests answered and not run");
  }

  @Test
  void gapsAndResyncsAreWrongToo() {
    goodDay();
    diary.gap("5 to 6");
    diary.resync("new epoch");
    assertThat(diary.compare(goodLedger()).wrong()).containsExactly("1 gaps", "1 resyncs");
  }

  @Test
  void aDayOnWhichNothingHappenedProvesNothing() {
    assertThat(Tally.NONE.wrong()).containsExactly("nothing was pushed or asked");
  }

  @Test
  void talliesOfPlayersAddUp() {
    goodDay();
    Tally one = diary.compare(goodLedger());
    Tally two = one.plus(one);
    assertThat(two.requests()).isEqualTo(new Tally.Requests(4, 4, 0, 0));
    assertThat(two.pushes()).isEqualTo(new Tally.Pushes(4, 4, 0, 0, 0, 0, 0));
  }

  @Test
  void aSilenceCountsForTheChapterThatHoldsMostOfIt() {
    diary.pushed(1, ms(50));
    chapters.open(Chapter.ORDINARY, ms(60));
    diary.pushed(2, ms(100));
    diary.pushed(3, ms(130));
    chapters.open(Chapter.SIGKILL, ms(140));
    diary.pushed(4, ms(440));
    chapters.open(Chapter.COMEBACK, ms(500));
    diary.pushed(5, ms(520));
    diary.close(ms(530));
    assertThat(diary.silenceNanos(Chapter.ORDINARY)).isEqualTo(ms(40));
    assertThat(diary.silenceNanos(Chapter.SIGKILL)).isEqualTo(ms(310));
    assertThat(diary.silenceNanos(Chapter.COMEBACK)).isEqualTo(ms(10));
    assertThat(diary.silenceNanos(Chapter.SWITCHOVER)).isZero();
  }

  @Test
  void aSilenceThatNeverEndedIsSeenAtTheEnd() {
    chapters.open(Chapter.ORDINARY, ms(0));
    chapters.open(Chapter.SIGKILL, ms(10));
    diary.close(ms(9_000));
    assertThat(diary.silenceNanos(Chapter.SIGKILL)).isEqualTo(ms(9_000));
  }
}
