package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Leadership;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A register in one place, whose requests may arrive long after they were given up. */
final class EtcdRegister implements Register {
  private static final long TIMEOUT_NANOS = 150 * Net.MS;
  static final String PLACE = "etcd";

  private final PairWorld world;
  private final Proc proc;

  EtcdRegister(PairWorld world, Proc proc) {
    this.world = world;
    this.proc = proc;
  }

  /** One question, answered once. */
  private static final class Question {
    private boolean answered;
  }

  @Override
  public void change(
      Leadership expected, Leadership wanted, Consumer<@Nullable Leadership> answer) {
    Question question = new Question();
    world.time.after(TIMEOUT_NANOS, () -> proc.post(() -> answer(question, answer, null)));
    boolean read = expected.equals(Leadership.NONE) && wanted.equals(Leadership.NONE);
    boolean astray = !read && !world.calm() && world.time.oneIn(5);
    long delay =
        astray ? (100 + world.time.random().nextInt(2000)) * Net.MS : world.net.delayNanos();
    world.time.after(
        delay,
        () -> {
          if (world.net.blocked(proc.place, PLACE) || !world.etcdUp) {
            return;
          }
          if (!read && world.etcd.equals(expected)) {
            world.etcd = wanted;
            world.truth.chosen(wanted);
            world.hint(wanted, PLACE);
          }
          Leadership stands = world.etcd;
          world.net.send(
              PLACE, proc.place, () -> proc.post(() -> answer(question, answer, stands)));
        });
  }

  private static void answer(
      Question question, Consumer<@Nullable Leadership> answer, @Nullable Leadership value) {
    if (!question.answered) {
      question.answered = true;
      answer.accept(value);
    }
  }
}
