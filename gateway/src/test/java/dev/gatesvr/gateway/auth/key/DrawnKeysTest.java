package dev.gatesvr.gateway.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.support.SettableClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawnKeysTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final SettableClock clock = new SettableClock();

  @Test
  void theSameKeySealsUntilTheRotationIsDue() {
    DrawnKeys keys = new DrawnKeys(clock, HOUR, HOUR);
    KeyRing first = keys.get();
    clock.advance(HOUR.minusMillis(1));
    assertThat(keys.get()).isSameAs(first);
    clock.advance(Duration.ofMillis(1));
    assertThat(keys.get().newest().id()).isNotEqualTo(first.newest().id());
    assertThat(keys.get().find(first.newest().id())).isNotNull();
  }

  @Test
  void aKeyIsKeptExactlyAsLongAsATokenUnderItCanLive() {
    DrawnKeys keys = new DrawnKeys(clock, HOUR, Duration.ofHours(3));
    String id = keys.get().newest().id();
    for (int hour = 1; hour < 4; hour++) {
      clock.advance(HOUR);
      assertThat(keys.get().find(id)).as("after %s h", hour).isNotNull();
    }
    clock.advance(HOUR);
    assertThat(keys.get().find(id)).isNull();
    assertThat(keys.get().keys()).hasSize(4);
  }

  @Test
  void theRingStaysBoundedForEver() {
    DrawnKeys keys = new DrawnKeys(clock, HOUR, Duration.ofHours(32));
    for (int i = 0; i < 500; i++) {
      clock.advance(Duration.ofMinutes(20));
      assertThat(keys.get().keys()).hasSizeLessThanOrEqualTo(34);
    }
    clock.advance(Duration.ofDays(30));
    assertThat(keys.get().keys()).hasSize(1);
  }

  @Test
  void aClockThatIsSetBackLosesNoKey() {
    DrawnKeys keys = new DrawnKeys(clock, HOUR, HOUR);
    clock.advance(HOUR);
    KeyRing later = keys.get();
    clock.advance(HOUR.multipliedBy(-2));
    assertThat(keys.get()).isSameAs(later);
  }

  @Test
  void refusesARotationThatWouldKeepTooManyKeys() {
    assertThatThrownBy(() -> new DrawnKeys(clock, HOUR, Duration.ofHours(33)))
        .hasMessageContaining("at least 1/32");
  }

  @Test
  void manyThreadsAgreeOnOneNewKey() throws Exception {
    DrawnKeys keys = new DrawnKeys(clock, HOUR, HOUR);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 200; round++) {
        clock.advance(HOUR);
        List<Future<KeyRing>> asked =
            IntStream.range(0, 4).mapToObj(i -> threads.submit(keys::get)).toList();
        Set<String> newest = new HashSet<>();
        for (Future<KeyRing> answer : asked) {
          newest.add(answer.get().newest().id());
        }
        assertThat(newest).hasSize(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
