package dev.gatesvr.gateway.pair;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatesvr.testkit.sim.Mutant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Faults on purpose, each in one line: the pair's world must notice every one. */
class PairMutantsTest {
  private static final String REPLICA = "gateway/src/main/java/dev/gatesvr/gateway/replica/";
  private static final String SESSION = "session/src/main/java/dev/gatesvr/session/";
  private static final String ROLE = "backup/src/main/java/dev/gatesvr/backup/role/";
  private static final String WORLD = "gateway/src/test/java/dev/gatesvr/gateway/pair/";
  private static final int SEEDS = 600;

  @BeforeAll
  static void quiet() {
    ((Logger) LoggerFactory.getLogger("dev.gatesvr.gateway.pair")).setLevel(Level.OFF);
  }

  /** Called in the mutant's class loader. */
  public static void probe() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new PairWorld(seed).run();
    }
  }

  /** The same, from where a rare order was found. */
  public static void probeLeftOut() {
    new PairWorld(2389).run();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            "no fence",
            WORLD + "SimUpstream.java",
            "term < highestTerm) {\n      return false",
            "term < 0) {\n      return false"),
        fault(
            "ack before replicate",
            REPLICA + "ShardReplica.java",
            "leave(gate != Gate.OPEN && mode.holdsAcks(), log",
            "leave(false, log"),
        fault(
            "no output commit",
            REPLICA + "ShardReplica.java",
            "recorder.holding(mute || (newGate != Gate.OPEN && mode.holdsOutputs()));",
            "recorder.holding(mute);"),
        fault(
            "solo without the register",
            ROLE + "Lead.java",
            "!named() && !desk.unsettled() && !desk.mustRead()) {",
            "true) {"),
        fault(
            "dropped gap signal",
            SESSION + "ReplayRing.java",
            "joinWithNext(position);\n    joinWithNext(position - 1);",
            "removeGap(position);"),
        fault(
            "numbers too low after a takeover",
            REPLICA + "StandbySessions.java",
            "highest = Math.max(highest, number);",
            "highest = Math.min(highest, number);"),
        fault(
            "what may have left counts as not sent",
            SESSION + "Session.java",
            "ring.everSent(ring.lastSeq());",
            "ring.everSent(ring.ackedSeq());"),
        fault(
            "a dispatch is not replicated",
            SESSION + "Session.java",
            "recorder.dispatched(clientSeq, incarnation);",
            "request.dispatched();"));
  }

  private static Arguments fault(String name, String source, String original, String changed) {
    return Arguments.of(name, new Mutant(source, original, changed));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void isNoticed(String name, Mutant mutant) throws Exception {
    assertThat(mutant.surviveOrThrow(PairMutantsTest.class, "probe"))
        .as("%s was not noticed in %s seeds", name, SEEDS)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aLeaderThatWasLeftOutAndKeepsItsCopyIsNoticed() throws Exception {
    Mutant mutant =
        new Mutant(
            WORLD + "SimNode.java",
            "standby.whole() && replaced.inSync().contains(incarnation());",
            "standby.whole();");
    assertThat(mutant.surviveOrThrow(PairMutantsTest.class, "probeLeftOut"))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void unchangedClassPasses() throws Exception {
    Mutant same = new Mutant(SESSION + "AttachNumbers.java", "issued++;", "issued += 1;");
    assertThat(same.surviveOrThrow(PairMutantsTest.class, "probe")).isNull();
  }
}
