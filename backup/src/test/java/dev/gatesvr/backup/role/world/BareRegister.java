package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.none.NoArbiter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** No register but the real {@link NoArbiter} of the process. */
final class BareRegister implements Register {
  private final Proc proc;
  private final NoArbiter arbiter;

  BareRegister(Proc proc, NoArbiter arbiter) {
    this.proc = proc;
    this.arbiter = arbiter;
  }

  @Override
  public void change(
      Leadership expected, Leadership wanted, Consumer<@Nullable Leadership> answer) {
    arbiter
        .change(expected, wanted)
        .thenAccept(value -> proc.later(100_000, () -> answer.accept(value)));
  }

  @Override
  public void read(Consumer<@Nullable Leadership> answer) {
    arbiter.read().thenAccept(value -> proc.later(100_000, () -> answer.accept(value)));
  }
}
