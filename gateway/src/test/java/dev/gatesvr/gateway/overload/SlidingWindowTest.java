package dev.gatesvr.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void admitsNoMoreThanTheWindowHolds() {
    SlidingWindow window = new SlidingWindow(2, 0);
    assertThat(window.tryAdd(0, 2)).isTrue();
    assertThat(window.tryAdd(SECOND, 2)).isTrue();
    assertThat(window.tryAdd(2 * SECOND - 1, 2)).isFalse();
    assertThat(window.tryAdd(2 * SECOND, 2)).as("the first has left the window").isTrue();
    assertThat(window.tryAdd(2 * SECOND, 2)).isFalse();
  }

  @Test
  void forgetsEverythingAfterALongPause() {
    SlidingWindow window = new SlidingWindow(1, -7 * SECOND);
    for (int i = 0; i < 5; i++) {
      window.tryAdd(-7 * SECOND, 5);
    }
    assertThat(window.perSecond(-7 * SECOND)).isEqualTo(5);
    assertThat(window.perSecond(3_600 * SECOND)).isZero();
  }

  @Test
  void agreesWithAListOfTimes() {
    Seeds.each("gateway", "SlidingWindowTest#agreesWithAListOfTimes", 200, this::compare);
  }

  private void compare(long seed) {
    Random random = new Random(seed);
    int seconds = 1 + random.nextInt(3);
    SlidingWindow window = new SlidingWindow(seconds, 0);
    ArrayDeque<Long> buckets = new ArrayDeque<>();
    long now = 0;
    for (int i = 0; i < 500; i++) {
      now += random.nextInt(90) * 1_000_000L;
      long bucket = now / 100_000_000L;
      while (!buckets.isEmpty() && buckets.peekFirst() <= bucket - seconds * 10L) {
        buckets.removeFirst();
      }
      boolean expected = buckets.size() < 20;
      assertThat(window.tryAdd(now, 20)).isEqualTo(expected);
      if (expected) {
        buckets.addLast(bucket);
      }
    }
  }
}
