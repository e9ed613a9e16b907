package dev.gatesvr.backup.register.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatesvr.backup.register.ArbiterException;
import dev.gatesvr.backup.register.ArbiterObserver;
import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdArbiterTest {
  private static final Leadership FOUNDED = Leadership.NONE.found("A");
  private static final Leadership PAIR = FOUNDED.grow("A", "B");
  private static final Duration PATIENT = Duration.ofSeconds(20);

  @TempDir private Path home;
  private EtcdServer etcd;
  private final List<EtcdArbiter> arbiters = new ArrayList<>();

  @BeforeEach
  void startEtcd() throws Exception {
    assumeTrue(
        EtcdServer.binary().isPresent(),
        "etcd is not here: install Debian's package etcd-server, or run scripts/etcd.sh");
    etcd = EtcdServer.start(home);
  }

  @AfterEach
  void stopAll() throws Exception {
    arbiters.forEach(EtcdArbiter::close);
    if (etcd != null) {
      etcd.kill();
    }
  }

  private EtcdArbiter arbiter(Duration timeout) {
    EtcdArbiter arbiter =
        EtcdArbiter.start(new EtcdSettings(List.of(etcd.endpoint()), "gatesvr/pair", timeout));
    arbiters.add(arbiter);
    return arbiter;
  }

  private static Leadership now(EtcdArbiter arbiter) throws Exception {
    return arbiter.read().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static Leadership change(EtcdArbiter arbiter, Leadership from, Leadership to)
      throws Exception {
    return arbiter.change(from, to).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** Keeps what it is told. */
  private static final class Told implements ArbiterObserver {
    private final List<Leadership> values = new CopyOnWriteArrayList<>();

    @Override
    public void onEvidence(Evidence evidence) {
      throw new AssertionError("it has no eyes");
    }

    @Override
    public void onLeadership(Leadership newer) {
      values.add(newer);
    }

    void await(Leadership value) throws InterruptedException {
      long end = System.nanoTime() + PATIENT.toNanos();
      while (!values.contains(value)) {
        assertThat(System.nanoTime() - end).as("told " + values + ", not " + value).isNegative();
        Thread.sleep(5);
      }
    }
  }

  @Test
  void comparesAndSetsAndTellsTheOther() throws Exception {
    EtcdArbiter a = arbiter(PATIENT);
    EtcdArbiter b = arbiter(PATIENT);
    Told told = new Told();
    b.observe(told);
    assertThat(now(b)).isEqualTo(Leadership.NONE);
    assertThat(change(a, Leadership.NONE, FOUNDED)).isEqualTo(FOUNDED);
    assertThat(change(b, Leadership.NONE, Leadership.NONE.found("B"))).isEqualTo(FOUNDED);
    assertThat(change(a, FOUNDED, PAIR)).isEqualTo(PAIR);
    assertThat(change(a, FOUNDED, PAIR)).as("the same again").isEqualTo(PAIR);
    assertThat(now(b)).isEqualTo(PAIR);
    told.await(PAIR);
  }

  @Test
  void promoteAndSoloNeverBothHappen() throws Exception {
    EtcdArbiter a = arbiter(PATIENT);
    EtcdArbiter b = arbiter(PATIENT);
    change(a, Leadership.NONE, FOUNDED);
    Leadership held = change(a, FOUNDED, PAIR);
    for (int round = 0; round < 20; round++) {
      String other = held.leader().equals("A") ? "B" : "A";
      Leadership solo = held.solo(held.leader());
      Leadership promoted = held.promote(other);
      CompletableFuture<Leadership> one = a.change(held, solo).toCompletableFuture();
      CompletableFuture<Leadership> two = b.change(held, promoted).toCompletableFuture();
      Leadership winner = one.get(30, TimeUnit.SECONDS);
      assertThat(winner).isIn(solo, promoted).isEqualTo(two.get(30, TimeUnit.SECONDS));
      String alone = winner.leader();
      held = change(a, winner, winner.grow(alone, alone.equals("A") ? "B" : "A"));
    }
  }

  @Test
  void aRestartOfEtcdLosesNothingAndIsWaitedFor() throws Exception {
    EtcdArbiter a = arbiter(PATIENT);
    Told told = new Told();
    EtcdArbiter b = arbiter(PATIENT);
    b.observe(told);
    change(a, Leadership.NONE, FOUNDED);
    told.await(FOUNDED);
    etcd.kill();
    CompletableFuture<Leadership> waiting = a.change(FOUNDED, PAIR).toCompletableFuture();
    etcd.startAgain();
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(PAIR);
    assertThat(now(b)).isEqualTo(PAIR);
    change(a, PAIR, PAIR.solo("A"));
    told.await(PAIR.solo("A"));
  }

  @Test
  void aStoppedEtcdIsAnExceptionInTime() throws Exception {
    EtcdArbiter a = arbiter(Duration.ofMillis(700));
    change(arbiter(PATIENT), Leadership.NONE, FOUNDED);
    etcd.kill();
    assertFailsInTime(a);
  }

  @Test
  void aHangingEtcdIsAnExceptionInTimeAndTheLateChangeIsOurs() throws Exception {
    EtcdArbiter a = arbiter(Duration.ofMillis(700));
    change(arbiter(PATIENT), Leadership.NONE, FOUNDED);
    assertThat(now(arbiter(PATIENT))).isEqualTo(FOUNDED);
    etcd.pause(true);
    try {
      assertFailsInTime(a);
    } finally {
      etcd.pause(false);
    }
    EtcdArbiter patient = arbiter(PATIENT);
    assertThat(change(patient, FOUNDED, PAIR)).isEqualTo(PAIR);
  }

  private static void assertFailsInTime(EtcdArbiter arbiter) {
    long startNanos = System.nanoTime();
    assertThatThrownBy(() -> change(arbiter, FOUNDED, PAIR))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(ArbiterException.class)
        .hasMessageContaining("etcd did not answer within 700 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void httpsMeansTls() throws Exception {
    EtcdArbiter plain = arbiter(PATIENT);
    assertThat(now(plain)).isEqualTo(Leadership.NONE);
    EtcdSettings settings =
        new EtcdSettings(
            List.of("https://" + etcd.endpoint()), "gatesvr/pair", Duration.ofMillis(700));
    EtcdArbiter encrypted = EtcdArbiter.start(settings);
    arbiters.add(encrypted);
    // This etcd speaks no TLS.
    assertFailsInTime(encrypted);
  }

  @Test
  void mistakesNameWhatWasExpected() {
    assertThatThrownBy(() -> new EtcdSettings(List.of(), "k", PATIENT))
        .hasMessageContaining("etcd endpoints");
    assertThatThrownBy(() -> new EtcdSettings(List.of("ftp://a:1"), "k", PATIENT))
        .hasMessageContaining("ftp://a:1")
        .hasMessageContaining("expected");
    assertThatThrownBy(() -> new EtcdSettings(List.of("a:1"), "", PATIENT))
        .hasMessageContaining("etcd key");
  }
}
