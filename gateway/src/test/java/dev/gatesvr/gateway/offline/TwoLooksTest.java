package dev.gatesvr.gateway.offline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.config.OfflineConfig;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Delivery;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every way in which the steps of a push and of a login can fall between one another. */
class TwoLooksTest {
  private static final String PLAYER = "10000";
  private static final int PUSHES = 3;

  /** The player's side: its loop runs its tasks in order, and each of them in one piece. */
  private static final class World implements OfflineObserver {
    private final OfflineStore store =
        new OfflineStore(
            new OfflineConfig(true, 10, 1_024, 10, 10_240, Duration.ofMinutes(1)), this);
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final List<Integer> got = new ArrayList<>();
    private final String schedule;
    private int step;
    private @Nullable World session;

    World(String schedule) {
      this.schedule = schedule;
    }

    /** What the login has done when the pusher is about to do its next step. */
    private void pause() {
      char turn = step < schedule.length() ? schedule.charAt(step) : 'L';
      step++;
      for (int done = 0; done < turn - '0' && turn != 'L'; done++) {
        advance();
      }
    }

    private void advance() {
      Runnable next = loop.poll();
      if (next != null) {
        next.run();
      }
    }

    private void push(int number) {
      pause();
      World found = session;
      if (found != null) {
        loop.add(() -> got.add(number));
        return;
      }
      pause();
      ServerPush message = ServerPush.newBuilder().setMsgId(number).build();
      StoreVerdict verdict =
          TwoLooks.<World>store(
              () -> {
                StoreVerdict added = store.add(PLAYER, message, Delivery.RELIABLE, 0);
                pause();
                return added;
              },
              () -> session,
              late -> loop.add(this::take));
      assertThat(verdict).isEqualTo(StoreVerdict.STORED);
    }

    private void take() {
      store.take(PLAYER, 1).forEach(push -> got.add(push.message().getMsgId()));
    }

    @Override
    public void expired(int messages) {
      throw new AssertionError("expired");
    }

    @Override
    public void dropped(int messages) {
      throw new AssertionError("dropped");
    }

    @Override
    public void replaced(int messages) {
      throw new AssertionError("replaced");
    }
  }

  @Test
  void losesAndReordersNothingInAnyInterleaving() {
    int steps = 3 * PUSHES;
    int schedules = (int) Math.pow(3, steps);
    for (int number = 0; number < schedules; number++) {
      String schedule = "0".repeat(steps) + Integer.toString(number, 3);
      schedule = schedule.substring(schedule.length() - steps);
      World world = new World(schedule);
      // A login is two steps: it enters the directory, then it takes what is stored.
      world.loop.add(() -> world.session = world);
      world.loop.add(world::take);
      for (int push = 1; push <= PUSHES; push++) {
        world.push(push);
      }
      while (!world.loop.isEmpty()) {
        world.advance();
      }
      assertThat(world.got).as("schedule %s", schedule).containsExactly(1, 2, 3);
      assertThat(world.store.messages()).isZero();
    }
  }
}
