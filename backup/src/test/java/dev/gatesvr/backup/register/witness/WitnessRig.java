package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.ArbiterObserver;
import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.upstream.service.WitnessServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Real witnesses, and arbiters that use them. */
final class WitnessRig implements AutoCloseable {
  static final Duration SILENCE = Duration.ofMillis(300);

  private final Path home;
  private final List<@Nullable WitnessServer> servers = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private final List<WitnessArbiter> arbiters = new ArrayList<>();

  WitnessRig(Path home, int witnesses) throws IOException {
    this.home = home;
    for (int at = 0; at < witnesses; at++) {
      WitnessServer server =
          WitnessServer.start("127.0.0.1:0", Files.createDirectories(directory(at)), true);
      servers.add(server);
      addresses.add(server.address());
    }
  }

  Path directory(int witness) {
    return home.resolve("w" + witness);
  }

  List<String> addresses() {
    return addresses;
  }

  WitnessArbiter arbiter(String incarnation) {
    return arbiter(incarnation, addresses, Duration.ofSeconds(3));
  }

  WitnessArbiter arbiter(String incarnation, List<String> witnesses, Duration timeout) {
    WitnessArbiter arbiter =
        WitnessArbiter.start(
            new WitnessSettings(
                witnesses, "pair", incarnation, Duration.ofMillis(50), SILENCE, timeout));
    arbiters.add(arbiter);
    return arbiter;
  }

  void stop(int witness) {
    WitnessServer server = servers.get(witness);
    if (server != null) {
      server.close();
      servers.set(witness, null);
    }
  }

  void startAgain(int witness) throws IOException {
    servers.set(witness, WitnessServer.start(addresses.get(witness), directory(witness), false));
  }

  @Override
  public void close() {
    arbiters.forEach(WitnessArbiter::close);
    for (int at = 0; at < servers.size(); at++) {
      stop(at);
    }
  }

  static Leadership now(WitnessArbiter arbiter) throws Exception {
    return arbiter.read().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  static Leadership change(WitnessArbiter arbiter, Leadership from, Leadership to)
      throws Exception {
    return arbiter.change(from, to).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited 20 s for: " + what);
      }
      Thread.sleep(1);
    }
  }

  /** Keeps the newest of what it is told. */
  static final class Seen implements ArbiterObserver {
    private final ConcurrentHashMap<String, Evidence> evidence = new ConcurrentHashMap<>();
    private volatile Leadership leadership = Leadership.NONE;

    @Override
    public void onEvidence(Evidence told) {
      evidence.put(told.incarnation(), told);
    }

    @Override
    public void onLeadership(Leadership newer) {
      leadership = newer;
    }

    Evidence of(String incarnation) {
      return evidence.getOrDefault(incarnation, new Evidence(incarnation, 31, 0, 0, 0));
    }

    Leadership leadership() {
      return leadership;
    }
  }
}
