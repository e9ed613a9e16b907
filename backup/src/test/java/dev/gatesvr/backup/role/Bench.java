package dev.gatesvr.backup.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleSettings.ArbiterKind;
import dev.gatesvr.backup.role.RoleSettings.Mode;
import dev.gatesvr.proto.PairRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One role machine with everything around it in the hands of a test. Not thread-safe. */
final class Bench {
  static final long MS = 1_000_000L;
  static final String A = "a#1";
  static final String B = "b#1";
  static final Leadership FOUNDED = new Leadership(1, 1, A, Set.of(A));
  static final Leadership BOTH = new Leadership(2, 1, A, Set.of(A, B));

  final RoleMachine machine;
  long nowNanos = -5_000 * MS;

  /** The effects of the last input but beats and notes. */
  List<RoleEffect> effects = List.of();

  /** All effects but beats and notes so far. */
  final List<RoleEffect> all = new ArrayList<>();

  Bench(String incarnation, Mode mode, ArbiterKind arbiter, boolean strict) {
    String server = Incarnations.serverOf(incarnation);
    machine =
        new RoleMachine(
            new RoleSettings(
                server, incarnation, mode, strict, arbiter, 50 * MS, 300 * MS, 1000 * MS, 100 * MS),
            nowNanos);
    on(new RoleInput.Tick());
  }

  /** A primary that founded the register and is alone. */
  static Bench alone(ArbiterKind arbiter, boolean strict) {
    Bench bench = new Bench(A, Mode.PRIMARY, arbiter, strict);
    bench.on(new RoleInput.RegisterRead(Leadership.NONE));
    if (arbiter == ArbiterKind.NONE) {
      bench.on(new RoleInput.LinkDown(LinkSide.FOLLOWER, LinkEnd.REFUSED));
    }
    bench.done(FOUNDED);
    assertThat(bench.state()).isEqualTo(RoleState.PRIMARY);
    return bench;
  }

  /** A primary with a standby in sync. */
  static Bench paired(ArbiterKind arbiter, boolean strict) {
    Bench bench = alone(arbiter, strict);
    bench.admit(B);
    bench.caughtUp();
    bench.done(BOTH);
    assertThat(bench.partner()).isEqualTo(Partner.PAIRED);
    return bench;
  }

  /** A standby in sync with A. */
  static Bench standby(ArbiterKind arbiter) {
    Bench bench = new Bench(B, Mode.BACKUP, arbiter, false);
    bench.on(new RoleInput.RegisterRead(FOUNDED));
    bench.linkUp(LinkSide.FOLLOWER, A, PairRole.PAIR_PRIMARY, FOUNDED);
    bench.on(new RoleInput.SnapshotBegun());
    bench.on(new RoleInput.Joined());
    bench.beat(LinkSide.FOLLOWER, PairRole.PAIR_PRIMARY, BOTH);
    assertThat(bench.state()).isEqualTo(RoleState.FOLLOWING);
    return bench;
  }

  List<RoleEffect> on(RoleInput input) {
    effects =
        machine.on(input, nowNanos).stream()
            .filter(e -> !(e instanceof RoleEffect.SendBeat || e instanceof RoleEffect.Note))
            .toList();
    all.addAll(effects);
    return effects;
  }

  /** Lets time pass, with every tick on time. Returns the effects of all of it. */
  List<RoleEffect> pass(long millis) {
    List<RoleEffect> passed = new ArrayList<>();
    long end = nowNanos + millis * MS;
    while (machine.nextDeadlineNanos() - end <= 0) {
      nowNanos = Math.max(nowNanos, machine.nextDeadlineNanos());
      passed.addAll(on(new RoleInput.Tick()));
    }
    nowNanos = end;
    effects = passed;
    return passed;
  }

  /** Stands still; the next input comes late. */
  void pause(long millis) {
    nowNanos += millis * MS;
  }

  void linkUp(LinkSide side, String peer, PairRole role, Leadership leadership) {
    on(new RoleInput.LinkUp(side, Incarnations.serverOf(peer), peer, role, leadership));
  }

  void beat(LinkSide side, PairRole role, Leadership leadership) {
    on(new RoleInput.BeatHeard(side, role, leadership));
  }

  void admit(String follower) {
    linkUp(LinkSide.SOURCE, follower, PairRole.PAIR_STANDBY, Leadership.NONE);
    assertThat(partner()).isEqualTo(Partner.JOINING);
  }

  /** The last admission has caught up. */
  void caughtUp() {
    RoleEffect.Admit admit = last(RoleEffect.Admit.class);
    on(new RoleInput.CaughtUp(admit.follower(), admit.admission()));
  }

  void down(LinkSide side, LinkEnd end) {
    on(new RoleInput.LinkDown(side, end));
  }

  void evidence(String who, int gone, int silent) {
    on(new RoleInput.EvidenceSeen(new Evidence(who, 3, 3, gone, silent)));
  }

  /** The register answers the change. */
  List<RoleEffect> done(Leadership standing) {
    return on(new RoleInput.ChangeDone(standing));
  }

  /** What the last change wanted. */
  Leadership wanted() {
    return last(RoleEffect.Change.class).wanted();
  }

  <T extends RoleEffect> T last(Class<T> type) {
    return all.stream().filter(type::isInstance).map(type::cast).reduce((x, y) -> y).orElseThrow();
  }

  RoleState state() {
    return machine.status().state();
  }

  Partner partner() {
    return machine.status().partner();
  }
}
