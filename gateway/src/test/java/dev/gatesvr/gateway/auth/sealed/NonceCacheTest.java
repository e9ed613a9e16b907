package dev.gatesvr.gateway.auth.sealed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.auth.sealed.NonceCache.Nonce;
import dev.gatesvr.gateway.auth.sealed.NonceCache.Use;
import dev.gatesvr.testkit.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NonceCacheTest {
  private static Nonce nonce(long number) {
    return new Nonce(number, -number);
  }

  @Test
  void eachNonceIsFirstOnce() {
    NonceCache cache = new NonceCache(10);
    assertThat(cache.use(nonce(1), 100, 0)).isEqualTo(Use.FIRST);
    assertThat(cache.use(nonce(1), 100, 99)).isEqualTo(Use.REPLAYED);
    assertThat(cache.use(nonce(2), 100, 99)).isEqualTo(Use.FIRST);
  }

  @Test
  void fullItRefusesAndForgetsNothingThatLives() {
    NonceCache cache = new NonceCache(2);
    assertThat(cache.use(nonce(1), 100, 0)).isEqualTo(Use.FIRST);
    assertThat(cache.use(nonce(2), 200, 0)).isEqualTo(Use.FIRST);
    assertThat(cache.use(nonce(3), 300, 99)).isEqualTo(Use.FULL);
    assertThat(cache.use(nonce(1), 100, 99)).isEqualTo(Use.REPLAYED);
    assertThat(cache.use(nonce(3), 300, 100)).isEqualTo(Use.FIRST);
    assertThat(cache.use(nonce(2), 200, 100)).isEqualTo(Use.REPLAYED);
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void aClockThatIsSetBackBringsNothingBack() {
    NonceCache cache = new NonceCache(10);
    assertThat(cache.use(nonce(1), 100, 0)).isEqualTo(Use.FIRST);
    assertThat(cache.use(nonce(2), 900, 500)).isEqualTo(Use.FIRST);
    assertThat(cache.use(nonce(1), 100, 0)).isEqualTo(Use.FORGOTTEN);
    assertThat(cache.use(nonce(3), 101, 0)).isEqualTo(Use.FIRST);
  }

  @Test
  void manyThatExpiredAtOnceAreForgottenALittleAtATime() {
    NonceCache cache = new NonceCache(1_000);
    for (int i = 0; i < 1_000; i++) {
      assertThat(cache.use(nonce(i), 100, 0)).isEqualTo(Use.FIRST);
    }
    assertThat(cache.use(nonce(1_000), 200, 100)).isEqualTo(Use.FIRST);
    assertThat(cache.size()).isBetween(900, 1_000);
    for (int i = 1_001; i < 1_040; i++) {
      assertThat(cache.use(nonce(i), 200, 100)).isEqualTo(Use.FIRST);
    }
    assertThat(cache.size()).isEqualTo(40);
  }

  @Test
  void agreesWithAModelThatForgetsNothing() {
    Seeds.each("gateway", "NonceCacheTest#agreesWithAModelThatForgetsNothing", 200, this::simulate);
  }

  private void simulate(long seed) {
    Random random = new Random(seed);
    int sizeMax = 1 + random.nextInt(20);
    NonceCache cache = new NonceCache(sizeMax);
    Map<Nonce, Long> used = new HashMap<>();
    long now = 0;
    for (int i = 0; i < 500; i++) {
      now += random.nextInt(5);
      Nonce nonce = nonce(random.nextInt(40));
      long until = used.getOrDefault(nonce, now + 1 + random.nextInt(30));
      if (until <= now) {
        continue;
      }
      long time = now;
      long live = used.values().stream().filter(end -> end > time).count();
      Use use = cache.use(nonce, until, now);
      if (used.containsKey(nonce)) {
        assertThat(use).isEqualTo(Use.REPLAYED);
      } else {
        assertThat(use).isEqualTo(live < sizeMax ? Use.FIRST : Use.FULL);
        if (use == Use.FIRST) {
          used.put(nonce, until);
        }
      }
      assertThat(cache.size()).isLessThanOrEqualTo(sizeMax);
    }
  }

  @Test
  void ofManyThreadsOneIsFirst() throws Exception {
    NonceCache cache = new NonceCache(10_000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 500; round++) {
        Nonce same = nonce(round);
        List<Future<Use>> uses =
            IntStream.range(0, 4)
                .mapToObj(i -> threads.submit(() -> cache.use(same, 100, 0)))
                .toList();
        int first = 0;
        for (Future<Use> use : uses) {
          first += use.get() == Use.FIRST ? 1 : 0;
        }
        assertThat(first).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
