package dev.gatesvr.gateway.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.testkit.sim.Mutant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Faults on purpose, each in one line of a core: the world must notice every one. A simulation that
 * lets one pass proves nothing about that line.
 */
class MutantsTest {
  private static final String SESSION = "session/src/main/java/dev/gatesvr/session/";
  private static final String CLIENT = "client/src/main/java/dev/gatesvr/client/core/";
  private static final int SEEDS = 150;

  /** Called in the mutant's class loader. */
  public static void probe() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      new World(seed).run();
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            "ack trims one too many",
            SESSION + "ReplayRing.java",
            "at(0).lastSeq <= seq)",
            "at(0).lastSeq <= seq + 1)"),
        fault(
            "replay starts one late",
            SESSION + "ReplayRing.java",
            "int boundary = sent;\n    sent = 0;",
            "int boundary = sent;\n    sent = Math.min(1, count);"),
        fault(
            "gateway forgets the newest request",
            SESSION + "Session.java",
            "if (seq < nextClientSeq) {",
            "if (seq < nextClientSeq - 1) {"),
        fault(
            "client forgets the newest message",
            CLIENT + "InboundHistory.java",
            "if (seq <= received && !beganAgain) {",
            "if (seq < received && !beganAgain) {"),
        fault(
            "takeover leaves the old connection",
            SESSION + "Session.java",
            "end(out);\n    if (wasAttached) {",
            "end(out);\n    if (reason == Kicked.Reason.OPERATOR) {"),
        fault(
            "gateway drops the gap signal",
            SESSION + "ReplayRing.java",
            "joinWithNext(position);\n    joinWithNext(position - 1);",
            "removeGap(position);"),
        fault(
            "client drops the gap signal",
            CLIENT + "Downlink.java",
            "feed.deliver(new Inbound.Missed(history.position(last), first, reason));",
            "feed.deliver(new Inbound.Skipped(history.position(last)));"),
        fault(
            "after is sent before the response",
            SESSION + "Session.java",
            """
            ServerPush kept = ring.append(message, request.clientSeq(), Delivery.RELIABLE, nowNanos);
            for (PendingRequest.BoundPush push : request.after()) {
              ring.append(push.message(), 0, push.delivery(), nowNanos);
            }
        """,
            """
            for (PendingRequest.BoundPush push : request.after()) {
              ring.append(push.message(), 0, push.delivery(), nowNanos);
            }
            ServerPush kept = ring.append(message, request.clientSeq(), Delivery.RELIABLE, nowNanos);
        """),
        fault(
            "used token stays good",
            SESSION + "AttachNumbers.java",
            "oldestGood = Math.max(oldestGood, issued);",
            "issued += 0;"),
        fault(
            "reliable messages give way",
            SESSION + "Delivery.java",
            "return policy == PushPolicy.POLICY_DROPPABLE;",
            "return policy != PushPolicy.POLICY_LATEST;"),
        fault(
            "resync is not said",
            CLIENT + "Downlink.java",
            "reasonPending = false;\n      feed.deliver(Frames.resync(push));",
            "reasonPending = false;"));
  }

  private static Arguments fault(String name, String source, String original, String changed) {
    return Arguments.of(name, new Mutant(source, original, changed));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void isNoticed(String name, Mutant mutant) throws Exception {
    assertThat(mutant.surviveOrThrow(MutantsTest.class, "probe"))
        .as("%s was not noticed in %s seeds", name, SEEDS)
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void unchangedClassPasses() throws Exception {
    Mutant same = new Mutant(SESSION + "AttachNumbers.java", "issued++;", "issued += 1;");
    assertThat(same.surviveOrThrow(MutantsTest.class, "probe")).isNull();
  }
}
