package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Leadership;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The term register as one process reaches it. */
interface Register {
  /** Answers once, with what stands, or with null when the outcome is unknown. */
  void change(Leadership expected, Leadership wanted, Consumer<@Nullable Leadership> answer);

  /** Answers once, with what stands, or with null. */
  default void read(Consumer<@Nullable Leadership> answer) {
    change(Leadership.NONE, Leadership.NONE, answer);
  }
}
