package dev.gatesvr.gateway.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

/** Compares the books of players, zones and the gateway once everything is at rest. */
final class Verdict {
  private static final List<String> STREAMS = List.of(Target.BY_OPENID, Target.BY_SESSION);

  private Verdict() {}

  /** What every device must show, whatever happened to its session. */
  static void device(Target target, Device device) {
    assertThat(device.received().mistakes()).isEmpty();
    for (Map.Entry<Integer, Device.End> entry : device.ends().entrySet()) {
      String request = device.name() + "#" + entry.getKey();
      int runs = target.zone.runs(request);
      switch (entry.getValue()) {
        case ANSWERED -> assertThat(runs).as("answered: %s", request).isEqualTo(1);
        case REFUSED -> assertThat(runs).as("refused: %s", request).isZero();
        case UNKNOWN -> assertThat(runs).as("unknown: %s", request).isBetween(0, 1);
      }
    }
    assertThat(device.ends()).as("ends of %s", device.name()).hasSize(device.requests());
  }

  /** A player who was never replaced: one history from the beginning, everything in it. */
  static void faithful(Target target) {
    Device device = target.devices.getFirst();
    Received received = device.received();
    device(target, device);
    assertThat(device.resyncs()).as("resyncs of %s", device.name()).isZero();
    long missing = 0;
    for (String stream : STREAMS) {
      BitSet got = received.of(stream);
      Sent sent = sent(target, stream);
      assertNone("unexpected", device.name(), stream, sent.unexpected(got));
      assertNone("lost", device.name(), stream, sent.lost(got));
      missing += sent.missing(got).cardinality();
    }
    assertThat(received.gapPositions()).as("in gaps of %s", device.name()).isEqualTo(missing);
    assertThat(received.holes())
        .as("positions of %s that only requests without an answer can have taken", device.name())
        .isLessThanOrEqualTo(device.errors());
  }

  /** A player with several devices: nothing twice, and the survivor has all since it came. */
  static void replaced(Target target, Device survivor) {
    for (String stream : STREAMS) {
      BitSet got = new BitSet();
      for (Device device : target.devices) {
        BitSet its = device.received().of(stream);
        assertThat(its.intersects(got)).as("twice: %s of %s", stream, device.name()).isFalse();
        got.or(its);
      }
      Sent sent = sent(target, stream);
      assertNone("unexpected", target.openid, stream, sent.unexpected(got));
      int first = survivor.received().newestOf(stream).nextSetBit(0);
      BitSet lost = sent.lost(got);
      // What came before belongs to sessions that were replaced, and may have ended with them.
      lost.clear(0, first < 0 ? lost.length() : first);
      assertNone("lost", survivor.name(), stream, lost);
    }
  }

  private static void assertNone(String what, String whose, String stream, BitSet numbers) {
    assertThat(numbers.toString()).as("%s: %s of %s", what, stream, whose).isEqualTo("{}");
  }

  private static Sent sent(Target target, String stream) {
    return stream.equals(Target.BY_OPENID) ? target.byOpenid : target.bySession;
  }
}
