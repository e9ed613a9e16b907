package dev.gatesvr.bench.ha;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PushBookTest {
  private final PushBook book = new PushBook();

  @Test
  void nothingIsWrongWhenAllComesInOrder() {
    for (int i = 1; i <= 100; i++) {
      assertThat(book.next()).isEqualTo(i);
      book.onAccepted(i);
      book.onReceived(i);
    }
    assertThat(book.faults().none()).isTrue();
  }

  @Test
  void onlyWhatWasPromisedCanBeLost() {
    book.onAccepted(1);
    book.onAccepted(3);
    book.onReceived(3);
    assertThat(book.missing()).isEqualTo(1);
    assertThat(book.faults()).isEqualTo(new Faults(1, 0, 0, 0));
  }

  @Test
  void whatWasNotPromisedMayCome() {
    book.onReceived(1);
    assertThat(book.faults().none()).isTrue();
  }

  @Test
  void countsWhatComesTwice() {
    book.onReceived(1);
    book.onReceived(2);
    book.onReceived(1);
    assertThat(book.faults()).isEqualTo(new Faults(0, 1, 0, 0));
  }

  @Test
  void countsWhatComesAfterALaterOne() {
    book.onReceived(1);
    book.onReceived(3);
    book.onReceived(2);
    assertThat(book.faults()).isEqualTo(new Faults(0, 0, 1, 0));
  }
}
