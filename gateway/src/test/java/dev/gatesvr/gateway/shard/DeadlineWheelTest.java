package dev.gatesvr.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
  private static final long TICK = DeadlineWheel.TICK_NANOS;

  private static final class Alarm extends DeadlineWheel.Entry {
    private final List<Long> fired = new ArrayList<>();
    private Runnable then = () -> {};

    @Override
    void onDue(long nowNanos) {
      fired.add(nowNanos);
      then.run();
    }
  }

  @Test
  void neverFiresEarlyAndAtMostOneTickLate() {
    DeadlineWheel wheel = new DeadlineWheel(0);
    Alarm alarm = new Alarm();
    wheel.set(alarm, 3 * TICK + 1);
    wheel.advance(3 * TICK + TICK - 1);
    assertThat(alarm.fired).isEmpty();
    wheel.advance(4 * TICK);
    assertThat(alarm.fired).containsExactly(4 * TICK);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void movesAndClears() {
    DeadlineWheel wheel = new DeadlineWheel(0);
    Alarm moved = new Alarm();
    Alarm cleared = new Alarm();
    wheel.set(moved, TICK);
    wheel.set(moved, 10 * TICK);
    wheel.set(cleared, TICK);
    wheel.clear(cleared);
    wheel.advance(5 * TICK);
    assertThat(moved.fired).isEmpty();
    wheel.advance(11 * TICK);
    assertThat(moved.fired).hasSize(1);
    assertThat(cleared.fired).isEmpty();
  }

  @Test
  void oneThatFiresMayClearAnotherAndSetItself() {
    DeadlineWheel wheel = new DeadlineWheel(0);
    Alarm first = new Alarm();
    Alarm second = new Alarm();
    wheel.set(first, TICK);
    wheel.set(second, TICK);
    first.then =
        () -> {
          wheel.clear(second);
          wheel.set(first, 20 * TICK);
        };
    second.then = () -> wheel.clear(first);
    wheel.advance(2 * TICK);
    assertThat(first.fired.size() + second.fired.size()).isEqualTo(1);
  }

  @Test
  void agreesWithAListOfDeadlines() {
    Seeds.each("gateway", "DeadlineWheelTest#agreesWithAListOfDeadlines", 300, this::compare);
  }

  private void compare(long seed) {
    Random random = new Random(seed);
    long now = random.nextLong() / 4;
    DeadlineWheel wheel = new DeadlineWheel(now);
    List<Alarm> alarms = new ArrayList<>();
    long[] due = new long[20];
    int[] expected = new int[20];
    for (int i = 0; i < 20; i++) {
      alarms.add(new Alarm());
      due[i] = Long.MAX_VALUE;
    }
    for (int step = 0; step < 400; step++) {
      int which = random.nextInt(20);
      if (random.nextInt(5) == 0) {
        wheel.clear(alarms.get(which));
        due[which] = Long.MAX_VALUE;
      } else {
        // Beyond one turn of the wheel, too.
        due[which] = now + random.nextLong(3 * 1_024 * TICK);
        wheel.set(alarms.get(which), due[which]);
      }
      now += random.nextInt(10) == 0 ? random.nextLong(2 * 1_024 * TICK) : random.nextLong(TICK);
      wheel.advance(now);
      for (int i = 0; i < 20; i++) {
        if (due[i] != Long.MAX_VALUE && alarms.get(i).fired.size() > expected[i]) {
          assertThat(now).as("not early").isGreaterThanOrEqualTo(due[i]);
          expected[i]++;
          due[i] = Long.MAX_VALUE;
        }
        assertThat(alarms.get(i).fired).hasSize(expected[i]);
        if (due[i] != Long.MAX_VALUE) {
          assertThat(now - due[i]).as("at most a tick late").isLessThan(2 * TICK);
        }
      }
    }
  }
}
