package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.register.Arbiter;
import dev.gatesvr.backup.role.RoleEffect;
import dev.gatesvr.backup.role.RoleInput;
import java.util.function.Consumer;

/** Asks the arbiter; its answers are inputs, which come on its own thread. */
record RegisterClient(Arbiter arbiter, Consumer<RoleInput> inputs) {
  void read() {
    var unused =
        arbiter
            .read()
            .whenComplete(
                (value, failure) ->
                    inputs.accept(
                        failure == null
                            ? new RoleInput.RegisterRead(value)
                            : new RoleInput.RegisterSilent()));
  }

  void change(RoleEffect.Change change) {
    var unused =
        arbiter
            .change(change.expected(), change.wanted())
            .whenComplete(
                (value, failure) ->
                    inputs.accept(
                        failure == null
                            ? new RoleInput.ChangeDone(value)
                            : new RoleInput.ChangeUnknown()));
  }
}
