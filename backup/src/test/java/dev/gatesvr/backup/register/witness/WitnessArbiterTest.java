package dev.gatesvr.backup.register.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.backup.register.ArbiterException;
import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.witness.WitnessRig.Seen;
import dev.gatesvr.testkit.TcpRelay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WitnessArbiterTest {
  private static final Leadership FOUNDED = Leadership.NONE.found("A");
  private static final Leadership PAIR = FOUNDED.grow("A", "B");

  @TempDir private Path home;

  @Test
  void whatOneWritesTheOtherReadsAndAStaleChangeIsRefused() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      WitnessArbiter a = rig.arbiter("A");
      WitnessArbiter b = rig.arbiter("B");
      Seen seenByB = new Seen();
      b.observe(seenByB);
      assertThat(WitnessRig.now(b)).isEqualTo(Leadership.NONE);
      assertThat(WitnessRig.change(a, Leadership.NONE, FOUNDED)).isEqualTo(FOUNDED);
      assertThat(WitnessRig.change(b, Leadership.NONE, Leadership.NONE.found("B")))
          .isEqualTo(FOUNDED);
      assertThat(WitnessRig.change(a, FOUNDED, PAIR)).isEqualTo(PAIR);
      assertThat(WitnessRig.now(b)).isEqualTo(PAIR);
      WitnessRig.await("B is told", () -> seenByB.leadership().equals(PAIR));
    }
  }

  @Test
  void theOtherIsToldOfAChangeWithoutAsking() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      Seen seenByB = new Seen();
      rig.arbiter("B").observe(seenByB);
      WitnessRig.change(rig.arbiter("A"), Leadership.NONE, FOUNDED);
      WitnessRig.await("B is told", () -> seenByB.leadership().equals(FOUNDED));
    }
  }

  @Test
  void promoteAndSoloNeverBothHappen() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      WitnessArbiter a = rig.arbiter("A");
      WitnessArbiter b = rig.arbiter("B");
      Leadership held = PAIR;
      WitnessRig.change(a, Leadership.NONE, FOUNDED);
      WitnessRig.change(a, FOUNDED, PAIR);
      for (int round = 0; round < 40; round++) {
        String other = held.leader().equals("A") ? "B" : "A";
        WitnessArbiter leads = other.equals("B") ? a : b;
        WitnessArbiter follows = other.equals("B") ? b : a;
        Leadership solo = held.solo(held.leader());
        Leadership promoted = held.promote(other);
        CompletableFuture<Leadership> one = leads.change(held, solo).toCompletableFuture();
        CompletableFuture<Leadership> two = follows.change(held, promoted).toCompletableFuture();
        Leadership winner = one.get(10, TimeUnit.SECONDS);
        assertThat(winner).isIn(solo, promoted).isEqualTo(two.get(10, TimeUnit.SECONDS));
        String alone = winner.leader();
        held = winner.grow(alone, alone.equals("A") ? "B" : "A");
        WitnessRig.change(alone.equals("A") ? a : b, winner, held);
      }
    }
  }

  @Test
  void aMinorityMayBeDownAndAMajorityMayNot() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      WitnessArbiter a = rig.arbiter("A", rig.addresses(), Duration.ofMillis(400));
      rig.stop(0);
      assertThat(WitnessRig.change(a, Leadership.NONE, FOUNDED)).isEqualTo(FOUNDED);
      rig.stop(1);
      assertThatThrownBy(() -> WitnessRig.change(a, FOUNDED, PAIR))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ArbiterException.class)
          .hasMessageContaining("no majority of the 3 witnesses within 400 ms")
          .hasMessageContaining(rig.addresses().get(1));
      rig.startAgain(1);
      Leadership held = WitnessRig.now(a);
      assertThat(held).isIn(FOUNDED, PAIR);
      assertThat(WitnessRig.change(a, held, held.equals(PAIR) ? PAIR.solo("A") : PAIR))
          .isNotEqualTo(held);
    }
  }

  @Test
  void witnessesThatRestartOnTheirDisksKnowWhatTheyAccepted() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      WitnessRig.change(rig.arbiter("A"), Leadership.NONE, FOUNDED);
      for (int at = 0; at < 3; at++) {
        rig.stop(at);
      }
      for (int at = 0; at < 3; at++) {
        rig.startAgain(at);
      }
      assertThat(WitnessRig.now(rig.arbiter("B"))).isEqualTo(FOUNDED);
    }
  }

  @Test
  void aWitnessThatLostItsDiskDoesNotStartAndTheOthersGoOn() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      WitnessArbiter a = rig.arbiter("A");
      WitnessRig.change(a, Leadership.NONE, FOUNDED);
      rig.stop(0);
      Files.delete(rig.directory(0).resolve("witness.state"));
      assertThatThrownBy(() -> rig.startAgain(0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("holds no witness.state");
      assertThat(WitnessRig.change(a, FOUNDED, PAIR)).isEqualTo(PAIR);
    }
  }

  @Test
  void oneWitnessUnderTwoAddressesVotesOnce() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 2)) {
      String again = rig.addresses().get(0).replace("127.0.0.1", "localhost");
      List<String> three = List.of(rig.addresses().get(0), again, rig.addresses().get(1));
      rig.stop(1);
      WitnessArbiter a = rig.arbiter("A", three, Duration.ofMillis(300));
      assertThatThrownBy(() -> WitnessRig.now(a)).hasCauseInstanceOf(ArbiterException.class);
    }
  }

  @Test
  void aProcessThatEndsIsDeadAtOnceAndOneThatComesBackIsNot() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      Seen seen = new Seen();
      rig.arbiter("B").observe(seen);
      WitnessArbiter a = rig.arbiter("A");
      WitnessRig.await("A hears all", () -> hearsAll(a));
      WitnessRig.await("A is seen", () -> allPresent(seen.of("A"), 3));
      long endNanos = System.nanoTime();
      a.close();
      WitnessRig.await("A is dead", () -> seen.of("A").dead());
      long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - endNanos);
      assertThat(tookMillis).as("ms until dead").isLessThan(WitnessRig.SILENCE.toMillis());
      System.Logger log = System.getLogger(WitnessArbiterTest.class.getName());
      log.log(System.Logger.Level.INFO, "dead after " + tookMillis + " ms");
      rig.arbiter("A");
      WitnessRig.await("A is back", () -> !seen.of("A").suspect());
    }
  }

  private static boolean hearsAll(WitnessArbiter arbiter) {
    List<WitnessStatus> all = arbiter.status();
    return !all.isEmpty() && all.stream().allMatch(WitnessStatus::connected);
  }

  private static boolean allPresent(Evidence evidence, int witnesses) {
    return evidence.witnesses() == witnesses
        && evidence.connected() == witnesses
        && evidence.gone() + evidence.silent() == 0;
  }

  @Test
  void aProcessThatIsCutOffIsSilentAndThenHeardAgain() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      List<TcpRelay> relays = new ArrayList<>();
      for (String address : rig.addresses()) {
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        relays.add(TcpRelay.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
      }
      try {
        List<String> relayed =
            relays.stream().map(relay -> "127.0.0.1:" + relay.address().getPort()).toList();
        Seen seenByB = new Seen();
        Seen seenByA = new Seen();
        rig.arbiter("B").observe(seenByB);
        WitnessArbiter a = rig.arbiter("A", relayed, Duration.ofSeconds(1));
        a.observe(seenByA);
        WitnessRig.await("A hears all", () -> hearsAll(a));
        WitnessRig.await("A is seen", () -> allPresent(seenByB.of("A"), 3));
        WitnessRig.await("B is seen", () -> allPresent(seenByA.of("B"), 3));
        relays.forEach(TcpRelay::swallowFromClients);
        relays.forEach(TcpRelay::swallowFromServer);
        WitnessRig.await("A is silent", () -> seenByB.of("A").silent() == 3);
        WitnessRig.await("A hears no witness", () -> seenByA.of("B").connected() == 0);
        assertThat(seenByA.of("B").suspect()).as("A suspects B of its own deafness").isFalse();
        relays.forEach(TcpRelay::cut);
        WitnessRig.await("A is heard again", () -> allPresent(seenByB.of("A"), 3));
        WitnessRig.await("A hears again", () -> allPresent(seenByA.of("B"), 3));
      } finally {
        relays.forEach(TcpRelay::close);
      }
    }
  }

  @Test
  void aLeaderThatNoWitnessEverSawCountsAsSilent() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      WitnessArbiter b = rig.arbiter("B");
      Seen seen = new Seen();
      b.observe(seen);
      Leadership old = Leadership.NONE.found("A#old");
      WitnessRig.change(b, Leadership.NONE, old);
      WitnessRig.await("A#old is suspect", () -> seen.of("A#old").silent() == 3);
      assertThat(seen.of("A#old").dead()).isFalse();
    }
  }

  @Test
  void aWitnessThatComesBackIsConnectedAgainSoon() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 3)) {
      Seen seen = new Seen();
      rig.arbiter("B").observe(seen);
      WitnessArbiter a = rig.arbiter("A");
      WitnessRig.await("A hears all", () -> hearsAll(a));
      WitnessRig.await("A is seen", () -> allPresent(seen.of("A"), 3));
      rig.stop(1);
      WitnessRig.await("one is missed", () -> seen.of("A").connected() == 2);
      assertThat(seen.of("A").suspect()).isFalse();
      rig.startAgain(1);
      WitnessRig.await("it is back", () -> allPresent(seen.of("A"), 3));
    }
  }

  @Test
  void aClosedArbiterFailsWhatItIsAsked() throws Exception {
    try (WitnessRig rig = new WitnessRig(home, 1)) {
      WitnessArbiter a = rig.arbiter("A");
      rig.stop(0);
      CompletableFuture<Leadership> underWay = a.read().toCompletableFuture();
      a.close();
      assertThatThrownBy(() -> underWay.get(2, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ArbiterException.class);
      assertThatThrownBy(() -> a.read().toCompletableFuture().get(2, TimeUnit.SECONDS))
          .hasCauseInstanceOf(ArbiterException.class);
    }
  }

  /** Prints how long a promotion takes here; the bound only says that it is not a timeout. */
  @ParameterizedTest
  @ValueSource(ints = {3, 7})
  void aPromotionTakesAFewMilliseconds(int witnesses) throws Exception {
    try (WitnessRig rig = new WitnessRig(home, witnesses)) {
      WitnessArbiter a = rig.arbiter("A");
      WitnessArbiter b = rig.arbiter("B");
      Seen seenByA = new Seen();
      Seen seenByB = new Seen();
      a.observe(seenByA);
      b.observe(seenByB);
      WitnessRig.change(a, Leadership.NONE, FOUNDED);
      Leadership held = WitnessRig.change(a, FOUNDED, PAIR);
      long[] withPromises = new long[10];
      long[] without = new long[10];
      for (int round = 0; round < 20; round++) {
        boolean settled = round % 2 == 0;
        String other = held.leader().equals("A") ? "B" : "A";
        WitnessArbiter follows = other.equals("A") ? a : b;
        Leadership before = held;
        Seen seen = other.equals("A") ? seenByA : seenByB;
        WitnessRig.await("it knows", () -> seen.leadership().equals(before));
        if (settled) {
          WitnessRig.await("promises are there", follows::standsReady);
        }
        long startNanos = System.nanoTime();
        Leadership promoted = WitnessRig.change(follows, held, held.promote(other));
        (settled ? withPromises : without)[round / 2] = System.nanoTime() - startNanos;
        assertThat(promoted.leader()).isEqualTo(other);
        held = WitnessRig.change(follows, promoted, promoted.grow(other, before.leader()));
      }
      report(witnesses + " witnesses, promises beforehand", withPromises);
      report(witnesses + " witnesses, both phases", without);
    }
  }

  private static void report(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.getLogger(WitnessArbiterTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0}: median {1} us, longest {2} us",
            what,
            Long.toString(nanos[nanos.length / 2] / 1_000),
            Long.toString(nanos[nanos.length - 1] / 1_000));
    assertThat(nanos[nanos.length / 2]).as(what).isLessThan(TimeUnit.MILLISECONDS.toNanos(500));
  }
}
