package dev.gatesvr.gateway;

import dev.gatesvr.backup.register.Arbiter;
import dev.gatesvr.backup.register.none.NoArbiter;
import dev.gatesvr.gateway.config.BackupConfig;
import java.util.function.IntSupplier;

/**
 * The arbiter that the configuration asks for.
 *
 * @param connected witnesses that answer
 */
record PairArbiter(Arbiter arbiter, IntSupplier connected) {
  static PairArbiter open(BackupConfig backup, String incarnation) {
    return new PairArbiter(new NoArbiter(), () -> 0);
  }

  int witnessesConnected() {
    return connected.getAsInt();
  }
}
