package dev.gatesvr.gateway;

import dev.gatesvr.backup.register.Arbiter;
import dev.gatesvr.backup.register.etcd.EtcdArbiter;
import dev.gatesvr.backup.register.etcd.EtcdSettings;
import dev.gatesvr.backup.register.none.NoArbiter;
import dev.gatesvr.backup.register.witness.WitnessArbiter;
import dev.gatesvr.backup.register.witness.WitnessSettings;
import dev.gatesvr.backup.register.witness.WitnessStatus;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.ConfigException;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * The arbiter that the configuration asks for.
 *
 * @param connected witnesses that answer
 */
record PairArbiter(Arbiter arbiter, IntSupplier connected) {
  /** For one read or change with all its attempts; a promotion takes a few milliseconds. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  static PairArbiter open(BackupConfig backup, String incarnation) {
    return switch (backup.arbiterInForce()) {
      case WITNESS -> {
        WitnessArbiter witnesses =
            WitnessArbiter.start(
                new WitnessSettings(
                    backup.witnesses(),
                    backup.pair(),
                    incarnation,
                    backup.heartbeat().interval(),
                    backup.heartbeat().timeout(),
                    TIMEOUT));
        yield new PairArbiter(
            witnesses,
            () -> (int) witnesses.status().stream().filter(WitnessStatus::connected).count());
      }
      case NONE -> new PairArbiter(new NoArbiter(), () -> 0);
      case ETCD -> new PairArbiter(EtcdArbiter.start(etcd(backup)), () -> 0);
      case AUTO ->
          throw ConfigException.of("backup.arbiter", backup.arbiter(), "witness, etcd or none");
    };
  }

  private static EtcdSettings etcd(BackupConfig backup) {
    String key = backup.etcd().key();
    return new EtcdSettings(
        backup.etcd().endpoints(),
        key.isEmpty() ? "/gatesvr/" + backup.pair() + "/leadership" : key,
        TIMEOUT);
  }

  int witnessesConnected() {
    return connected.getAsInt();
  }
}
