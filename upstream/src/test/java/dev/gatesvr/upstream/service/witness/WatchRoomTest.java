package dev.gatesvr.upstream.service.witness;

import static dev.gatesvr.proto.WitnessSight.WITNESS_SIGHT_GONE;
import static dev.gatesvr.proto.WitnessSight.WITNESS_SIGHT_PRESENT;
import static dev.gatesvr.proto.WitnessSight.WITNESS_SIGHT_SILENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.proto.WatchReport;
import dev.gatesvr.proto.WitnessBallot;
import dev.gatesvr.proto.WitnessSight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchRoomTest {
  private static final long SILENCE = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long BEAT = TimeUnit.MILLISECONDS.toNanos(50);

  private final WatchRoom room = new WatchRoom(7, Map.of(), 0);
  private long now;

  /** A gateway that keeps what it is told. */
  private final class Gateway {
    private final List<WatchReport> reports = new ArrayList<>();
    private final Watcher watcher;

    Gateway(String incarnation, long silenceNanos) {
      watcher = new Watcher(incarnation, silenceNanos, reports::add);
    }

    Gateway arrive() {
      assertThat(room.arrive("pair", watcher, 1, now)).isTrue();
      return this;
    }

    void beat() {
      room.beat(watcher, 2, now);
    }

    /** Of one incarnation, in order. */
    List<WitnessSight> sights(String incarnation) {
      return reports.stream()
          .flatMap(report -> report.getSightingsList().stream())
          .filter(sighting -> sighting.getIncarnation().equals(incarnation))
          .map(sighting -> sighting.getSight())
          .toList();
    }
  }

  private Gateway gateway(String incarnation) {
    return new Gateway(incarnation, SILENCE);
  }

  /** Time passes while the witness looks as often as it should and these beat. */
  private void pass(long nanos, Gateway... alive) {
    long end = now + nanos;
    long nextBeat = now;
    while (now < end) {
      if (now >= nextBeat) {
        nextBeat = now + BEAT;
        for (Gateway gateway : alive) {
          gateway.beat();
        }
      }
      now += room.look(now);
    }
  }

  @Test
  void theOtherIsToldOnceWhenOneEndsAndWhenItComesBack() {
    Gateway a = gateway("A").arrive();
    Gateway b = gateway("B").arrive();
    room.leave(a.watcher, now);
    room.leave(a.watcher, now);
    assertThat(b.sights("A")).containsExactly(WITNESS_SIGHT_PRESENT, WITNESS_SIGHT_GONE);
    gateway("A").arrive();
    assertThat(b.sights("A"))
        .containsExactly(WITNESS_SIGHT_PRESENT, WITNESS_SIGHT_GONE, WITNESS_SIGHT_PRESENT);
  }

  @Test
  void aStreamThatWasReplacedMayEndLate() {
    Gateway old = gateway("A").arrive();
    Gateway b = gateway("B").arrive();
    gateway("A").arrive();
    room.leave(old.watcher, now);
    assertThat(b.sights("A")).containsExactly(WITNESS_SIGHT_PRESENT);
  }

  @Test
  void silenceIsToldAfterTheWatchersOwnTimeout() {
    Gateway a = gateway("A").arrive();
    Gateway b = gateway("B").arrive();
    Gateway patient = new Gateway("C", 10 * SILENCE).arrive();
    pass(SILENCE - BEAT, b, patient);
    assertThat(b.sights("A")).containsExactly(WITNESS_SIGHT_PRESENT);
    pass(2 * BEAT, b, patient);
    assertThat(b.sights("A")).containsExactly(WITNESS_SIGHT_PRESENT, WITNESS_SIGHT_SILENT);
    a.beat();
    assertThat(b.sights("A"))
        .containsExactly(WITNESS_SIGHT_PRESENT, WITNESS_SIGHT_SILENT, WITNESS_SIGHT_PRESENT);
    assertThat(patient.sights("A")).containsExactly(WITNESS_SIGHT_PRESENT);
  }

  @Test
  void theWitnesssOwnPauseIsNobodysSilence() {
    Gateway a = gateway("A").arrive();
    Gateway b = gateway("B").arrive();
    pass(4 * BEAT, a, b);
    now += 10 * SILENCE;
    room.look(now);
    assertThat(b.sights("A")).containsExactly(WITNESS_SIGHT_PRESENT);
    pass(2 * SILENCE, b);
    assertThat(b.sights("A")).containsExactly(WITNESS_SIGHT_PRESENT, WITNESS_SIGHT_SILENT);
  }

  @Test
  void everyBeatIsEchoedAndTheFirstReportSaysEverything() {
    WitnessBallot ballot = WitnessBallot.newBuilder().setRound(4).setProposer("A").build();
    room.accepted("pair", new Vote(ballot, ballot, Vote.EMPTY.value()));
    gateway("A").arrive();
    Gateway b = gateway("B").arrive();
    assertThat(b.reports.get(0).getWitnessId()).isEqualTo(7);
    assertThat(b.reports.get(0).getAcceptedAt()).isEqualTo(ballot);
    assertThat(b.reports.get(0).getSightingsCount()).isEqualTo(1);
    b.beat();
    assertThat(b.reports.get(1).getEcho()).isEqualTo(2);
    assertThat(b.reports.get(1).hasAcceptedAt()).isFalse();
  }

  @Test
  void pairsDoNotSeeOneAnother() {
    Gateway a = gateway("A").arrive();
    Gateway other = gateway("X");
    assertThat(room.arrive("another", other.watcher, 1, now)).isTrue();
    assertThat(other.sights("A")).isEmpty();
    assertThat(a.sights("X")).isEmpty();
  }

  @Test
  void thoseLongGoneAreForgottenAndTheRoomIsBounded() {
    Gateway b = gateway("B").arrive();
    for (int run = 0; run < 100; run++) {
      room.leave(gateway("A" + run).arrive().watcher, now);
    }
    Gateway late = gateway("C").arrive();
    assertThat(late.sights("A99")).containsExactly(WITNESS_SIGHT_GONE);
    assertThat(late.sights("A0")).isEmpty();
    assertThat(late.sights("B")).containsExactly(WITNESS_SIGHT_PRESENT);
    assertThat(late.reports.get(0).getSightingsCount()).isLessThan(WitnessLimits.INCARNATIONS_MAX);
    assertThat(b.sights("A0")).contains(WITNESS_SIGHT_GONE);
    int taken = 0;
    while (room.arrive("pair", gateway("D" + taken).watcher, 1, now)) {
      taken++;
    }
    assertThat(taken).isLessThan(WitnessLimits.WATCHES_MAX);
  }
}
