package dev.gatesvr.backup.role.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.sim.Mutant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults on purpose, each in one line of the machine: the world must notice every one. */
class RoleMutantsTest {
  private static final String ROLE = "backup/src/main/java/dev/gatesvr/backup/role/";
  private static final int SEEDS = 60;

  /** Called in the mutant's class loader. */
  public static void probe() {
    Scenarios.ownPausesMoveNothing();
    Scenarios.joinsAreBrokenOff();
    for (long seed = 1; seed <= SEEDS; seed++) {
      new PairWorld(seed).run();
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            "solo without asking the register",
            "Lead.java",
            "if (!named() && !desk.unsettled() && !desk.mustRead()) {",
            "if (!follower.isEmpty()) {"),
        fault(
            "release before the register answered",
            "Lead.java",
            "stalled = false;\n    states.toShrinking();",
            "stalled = false;\n    gate.alone();\n    states.toShrinking();"),
        fault(
            "promote without being in sync",
            "Standby.java",
            "if (whole && known.mayPromote(settings.incarnation())) {",
            "if (whole && !known.leader().equals(settings.incarnation())) {"),
        fault(
            "own pauses count as the other's silence",
            "RoleMachine.java",
            "      watch.restart();\n      standby.restart();",
            "      standby.restart();"),
        fault(
            "grow before the follower caught up",
            "Lead.java",
            "} else if (caughtUp) {",
            "} else if (caughtUp || !follower.isEmpty()) {"),
        fault(
            "the catching up of an older admission",
            "Lead.java",
            "caughtUp |= input.admission() == admission && ",
            "caughtUp |= "),
        fault(
            "an unknown change is taken for not made",
            "RegisterDesk.java",
            "return loose || Successors",
            "return Successors"),
        fault(
            "begin anew while a holder may live",
            "PeerWatch.java",
            "inSync().stream().allMatch(",
            "inSync().stream().anyMatch("),
        fault(
            "a deposed leader serves on",
            "RoleMachine.java",
            "if (desk.known().leader().equals(me)) {\n      return false;",
            "if (desk.known().leader().equals(me) || !desk.known().leader().isEmpty()) {\n"
                + "      return false;"),
        fault(
            "strict goes alone",
            "OutputGate.java",
            "Gate next = strict ? Gate.HELD : Gate.OPEN;",
            "Gate next = Gate.OPEN;"));
  }

  private static Arguments fault(String name, String source, String original, String changed) {
    return Arguments.of(name, new Mutant(ROLE + source, original, changed));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void isNoticed(String name, Mutant mutant) throws Exception {
    assertThat(mutant.surviveOrThrow(RoleMutantsTest.class, "probe"))
        .as("%s was not noticed in %s seeds", name, SEEDS)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void unchangedMachinePasses() throws Exception {
    Mutant nothing =
        new Mutant(ROLE + "Lead.java", "} else if (caughtUp) {", "} else if (caughtUp ) {");
    assertThat(nothing.surviveOrThrow(RoleMutantsTest.class, "probe")).isNull();
  }
}
