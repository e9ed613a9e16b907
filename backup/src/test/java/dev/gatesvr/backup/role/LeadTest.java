package dev.gatesvr.backup.role;

import static dev.gatesvr.backup.role.Bench.A;
import static dev.gatesvr.backup.role.Bench.B;
import static dev.gatesvr.backup.role.Bench.BOTH;
import static dev.gatesvr.backup.role.Bench.FOUNDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleSettings.ArbiterKind;
import dev.gatesvr.proto.PairRole;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeadTest {
  private static final Leadership SOLO = BOTH.solo(A);
  private static final RoleEffect RELEASE = new RoleEffect.ReleaseOutputs();

  private static Bench paired() {
    return Bench.paired(ArbiterKind.WITNESS, false);
  }

  @Test
  void aFollowerIsTakenInOnceOutputsWaitForIt() {
    Bench bench = Bench.alone(ArbiterKind.WITNESS, false);
    bench.admit(B);
    assertThat(bench.effects).containsExactly(new RoleEffect.Admit(B, 1));
    bench.on(new RoleInput.CaughtUp(B, 0));
    assertThat(bench.effects).as("an older admission").isEmpty();
    bench.caughtUp();
    assertThat(bench.effects).containsExactly(new RoleEffect.Change(FOUNDED, FOUNDED.grow(A, B)));
    bench.done(BOTH);
    assertThat(bench.effects).containsExactly(new RoleEffect.AwaitFollower(B));
  }

  @Test
  void aFollowerThatLeavesWhileItJoinsLeavesNothingBehind() {
    Bench bench = Bench.alone(ArbiterKind.WITNESS, false);
    bench.admit(B);
    bench.down(LinkSide.SOURCE, LinkEnd.RESET);
    assertThat(bench.effects).containsExactly(RELEASE);
    bench.admit(B);
    bench.on(new RoleInput.CaughtUp(B, 1));
    assertThat(bench.effects).as("the catching up of the first link").isEmpty();
  }

  @Test
  void aSecondLinkOfAFollowerBeginsItsJoiningAnew() {
    Bench bench = Bench.alone(ArbiterKind.WITNESS, false);
    bench.admit(B);
    bench.linkUp(LinkSide.SOURCE, B, PairRole.PAIR_STANDBY, FOUNDED);
    assertThat(bench.effects).containsExactly(RELEASE, new RoleEffect.Admit(B, 2));
  }

  @Test
  void aFollowerThatFallsSilentWhileItJoinsIsGivenUp() {
    Bench bench = Bench.alone(ArbiterKind.WITNESS, false);
    bench.admit(B);
    assertThat(bench.pass(1299)).isEmpty();
    assertThat(bench.pass(2)).containsExactly(new RoleEffect.DropFollower(B), RELEASE);
  }

  @Test
  void aFollowerThatIsTooSlowToJoinIsSentAwayForAWhile() {
    Bench bench = Bench.alone(ArbiterKind.WITNESS, false);
    bench.admit(B);
    bench.on(new RoleInput.AckStalled());
    assertThat(bench.effects).as("what waits is older than the admission").isEmpty();
    bench.pass(1001);
    bench.on(new RoleInput.AckStalled());
    assertThat(bench.effects).containsExactly(new RoleEffect.DropFollower(B), RELEASE);
    bench.linkUp(LinkSide.SOURCE, B, PairRole.PAIR_STANDBY, FOUNDED);
    assertThat(bench.partner()).isEqualTo(Partner.ALONE);
    bench.pass(301);
    assertThat(bench.partner()).isEqualTo(Partner.JOINING);
  }

  @Test
  void outputsAreReleasedOnlyAfterTheRegisterSaidSolo() {
    Bench bench = paired();
    bench.down(LinkSide.SOURCE, LinkEnd.OTHER);
    assertThat(bench.pass(999)).isEmpty();
    assertThat(bench.pass(2)).containsExactly(new RoleEffect.Change(BOTH, SOLO));
    assertThat(bench.partner()).isEqualTo(Partner.SHRINKING);
    bench.done(SOLO);
    assertThat(bench.effects).containsExactly(RELEASE);
    assertThat(bench.partner()).isEqualTo(Partner.ALONE);
  }

  @Test
  void aPromotionInTheRegisterDeposes() {
    Bench bench = paired();
    bench.down(LinkSide.SOURCE, LinkEnd.OTHER);
    bench.pass(1001);
    bench.done(BOTH.promote(B));
    assertThat(bench.effects).containsExactly(new RoleEffect.StopServing("deposed by b#1"));
    assertThat(bench.state()).isEqualTo(RoleState.DEPOSED);
    bench.on(new RoleInput.Stopped());
    assertThat(bench.effects).containsExactly(new RoleEffect.Follow());
    assertThat(bench.machine.status().whole()).isFalse();
  }

  @Test
  void deathByWitnessesDoesNotWaitForTheSyncTimeout() {
    Bench bench = paired();
    bench.evidence(B, 2, 0);
    assertThat(bench.effects).isEmpty();
    bench.down(LinkSide.SOURCE, LinkEnd.RESET);
    assertThat(bench.effects).containsExactly(new RoleEffect.Change(BOTH, SOLO));
  }

  @Test
  void aSilentLinkCountsAsAwayAfterBothTimeouts() {
    Bench bench = paired();
    assertThat(bench.pass(1299)).isEmpty();
    assertThat(bench.pass(2)).containsExactly(new RoleEffect.Change(BOTH, SOLO));
  }

  @Test
  void aSlowFollowerIsLeftOutAndSentAway() {
    Bench bench = paired();
    bench.on(new RoleInput.AckStalled());
    assertThat(bench.effects).containsExactly(new RoleEffect.Change(BOTH, SOLO));
    bench.done(SOLO);
    assertThat(bench.effects).containsExactly(new RoleEffect.DropFollower(B), RELEASE);
  }

  @Test
  void whileTheRegisterIsSilentOutputsWait() {
    Bench bench = paired();
    bench.down(LinkSide.SOURCE, LinkEnd.OTHER);
    bench.pass(1001);
    assertThat(bench.on(new RoleInput.ChangeUnknown()))
        .containsExactly(new RoleEffect.ReadRegister());
    bench.on(new RoleInput.RegisterSilent());
    assertThat(bench.partner()).isEqualTo(Partner.STALLED);
    assertThat(bench.effects).hasOnlyElementsOfType(RoleEffect.Freeze.class);
    assertThat(bench.pass(101)).containsExactly(new RoleEffect.ReadRegister());
    bench.on(new RoleInput.RegisterRead(BOTH));
    assertThat(bench.effects)
        .containsExactly(new RoleEffect.Change(BOTH, SOLO), new RoleEffect.Unfreeze());
    bench.done(SOLO);
    assertThat(bench.effects).containsExactly(RELEASE);
  }

  @Test
  void aFollowerThatReturnsWhileTheRegisterIsSilentIsPairedAgain() {
    Bench bench = paired();
    bench.down(LinkSide.SOURCE, LinkEnd.OTHER);
    bench.pass(1001);
    bench.on(new RoleInput.ChangeUnknown());
    bench.on(new RoleInput.RegisterSilent());
    bench.linkUp(LinkSide.SOURCE, B, PairRole.PAIR_STANDBY, BOTH);
    assertThat(bench.partner()).isEqualTo(Partner.PAIRED);
    assertThat(bench.effects).containsExactly(new RoleEffect.Resume(B), new RoleEffect.Unfreeze());
    bench.pass(101);
    bench.on(new RoleInput.RegisterRead(BOTH));
    assertThat(bench.wanted())
        .as("the solo may still arrive, unless the version rises")
        .isEqualTo(new Leadership(3, 1, A, Set.of(A, B)));
  }

  @Test
  void aFollowerInSyncIsResumedOnItsNewLink() {
    Bench bench = paired();
    bench.down(LinkSide.SOURCE, LinkEnd.OTHER);
    bench.pass(400);
    bench.linkUp(LinkSide.SOURCE, B, PairRole.PAIR_STANDBY, BOTH);
    assertThat(bench.effects).containsExactly(new RoleEffect.Resume(B));
    bench.linkUp(LinkSide.SOURCE, B, PairRole.PAIR_STANDBY, BOTH);
    assertThat(bench.effects)
        .as("the end of the other was not told")
        .containsExactly(new RoleEffect.Resume(B));
    bench.beat(LinkSide.SOURCE, PairRole.PAIR_STANDBY, BOTH);
    assertThat(bench.effects).isEmpty();
  }

  @Test
  void waitingThatComesOfTheOwnPauseIsNotTheFollowersFault() {
    Bench bench = paired();
    bench.pause(5000);
    bench.on(new RoleInput.AckStalled());
    assertThat(bench.effects).isEmpty();
    assertThat(bench.partner()).isEqualTo(Partner.PAIRED);
  }

  @Test
  void aSoloThatArrivesLateIsGrownAgain() {
    Bench bench = paired();
    bench.down(LinkSide.SOURCE, LinkEnd.OTHER);
    bench.pass(1001);
    bench.on(new RoleInput.ChangeUnknown());
    bench.on(new RoleInput.RegisterSilent());
    bench.linkUp(LinkSide.SOURCE, B, PairRole.PAIR_STANDBY, BOTH);
    bench.pass(101);
    bench.on(new RoleInput.RegisterRead(SOLO));
    assertThat(bench.effects).containsExactly(new RoleEffect.Change(SOLO, SOLO.grow(A, B)));
    assertThat(bench.partner()).isEqualTo(Partner.GROWING);
  }

  @Test
  void anUnknownGrowIsRuledOutBeforeAnythingIsReleased() {
    Bench bench = Bench.alone(ArbiterKind.ETCD, false);
    bench.admit(B);
    bench.caughtUp();
    bench.down(LinkSide.SOURCE, LinkEnd.RESET);
    assertThat(bench.on(new RoleInput.ChangeUnknown()))
        .containsExactly(new RoleEffect.ReadRegister());
    bench.on(new RoleInput.RegisterRead(FOUNDED));
    assertThat(bench.effects)
        .as("alone once more, with a version that the grow does not expect")
        .containsExactly(new RoleEffect.Change(FOUNDED, new Leadership(2, 1, A, Set.of(A))));
    bench.done(new Leadership(2, 1, A, Set.of(A)));
    assertThat(bench.effects).containsExactly(RELEASE);
  }

  @Test
  void anotherProcessOfTheFollowersServerReplacesIt() {
    Bench bench = paired();
    bench.linkUp(LinkSide.SOURCE, "b#2", PairRole.PAIR_STARTING, Leadership.NONE);
    assertThat(bench.effects).containsExactly(new RoleEffect.Change(BOTH, SOLO));
    bench.done(SOLO);
    assertThat(bench.effects).containsExactly(RELEASE, new RoleEffect.Admit("b#2", 1 + 1));
  }

  @Test
  void aSnapshotForAFollowerInSyncWaitsUntilItIsOutOfSync() {
    Bench bench = paired();
    bench.on(new RoleInput.ResyncNeeded(B));
    assertThat(bench.effects).containsExactly(new RoleEffect.Change(BOTH, SOLO));
    bench.done(SOLO);
    assertThat(bench.effects).containsExactly(RELEASE, new RoleEffect.Admit(B, 2));
  }

  @Test
  void strictReleasesOnlyWhatTheFollowerHas() {
    Bench bench = Bench.alone(ArbiterKind.WITNESS, true);
    assertThat(bench.effects)
        .containsExactly(
            new RoleEffect.StartServing(FOUNDED),
            new RoleEffect.HoldOutputs(),
            new RoleEffect.Freeze(1));
    bench.admit(B);
    bench.caughtUp();
    bench.done(BOTH);
    assertThat(bench.effects)
        .containsExactly(new RoleEffect.AwaitFollower(B), new RoleEffect.Unfreeze());
    bench.down(LinkSide.SOURCE, LinkEnd.RESET);
    assertThat(bench.pass(5000))
        .hasOnlyElementsOfTypes(RoleEffect.Freeze.class, RoleEffect.ReadRegister.class);
    assertThat(bench.partner()).isEqualTo(Partner.STALLED);
    bench.on(new RoleInput.RegisterRead(BOTH));
    bench.linkUp(LinkSide.SOURCE, "b#2", PairRole.PAIR_STARTING, BOTH);
    bench.done(SOLO);
    assertThat(bench.effects)
        .containsExactly(new RoleEffect.HoldOutputs(), new RoleEffect.Admit("b#2", 4));
    assertThat(bench.machine.status().frozen()).isTrue();
    bench.caughtUp();
    bench.done(SOLO.grow(A, "b#2"));
    assertThat(bench.effects)
        .containsExactly(new RoleEffect.AwaitFollower("b#2"), new RoleEffect.Unfreeze());
    assertThat(bench.all).doesNotContain(RELEASE);
  }

  @Test
  void aSwitchoverFreezesFlushesAndHandsOver() {
    Bench bench = paired();
    bench.on(new RoleInput.SwitchOver());
    assertThat(bench.effects).containsExactly(new RoleEffect.Freeze(2));
    bench.on(new RoleInput.Flushed(1));
    assertThat(bench.effects).isEmpty();
    bench.on(new RoleInput.Flushed(2));
    assertThat(bench.effects).containsExactly(new RoleEffect.SendHandOver(1));
    bench.beat(LinkSide.SOURCE, PairRole.PAIR_PRIMARY, BOTH.promote(B));
    assertThat(bench.effects).containsExactly(new RoleEffect.StopServing("deposed by b#1"));
  }

  @Test
  void aSwitchoverThatNobodyTakesEnds() {
    Bench unflushed = paired();
    unflushed.on(new RoleInput.SwitchOver());
    unflushed.down(LinkSide.SOURCE, LinkEnd.OTHER);
    assertThat(unflushed.effects).containsExactly(new RoleEffect.Unfreeze());
    assertThat(unflushed.partner()).isEqualTo(Partner.PAIRED);

    Bench bench = paired();
    bench.on(new RoleInput.SwitchOver());
    bench.on(new RoleInput.Flushed(2));
    assertThat(bench.pass(301)).containsExactly(new RoleEffect.ReadRegister());
    bench.on(new RoleInput.RegisterRead(BOTH));
    assertThat(bench.state()).isEqualTo(RoleState.HANDING_OVER);
    for (int i = 0; i < 10; i++) {
      bench.beat(LinkSide.SOURCE, PairRole.PAIR_STANDBY, BOTH);
      bench.pass(200);
    }
    bench.on(new RoleInput.RegisterSilent());
    assertThat(bench.state()).isEqualTo(RoleState.PRIMARY);
    assertThat(bench.effects).contains(new RoleEffect.Unfreeze());
  }

  @Test
  void aSwitchoverWithoutAFollowerInSyncIsRefused() {
    Bench bench = Bench.alone(ArbiterKind.WITNESS, false);
    bench.on(new RoleInput.SwitchOver());
    assertThat(bench.effects).hasOnlyElementsOfType(RoleEffect.Refuse.class);
    bench.on(new RoleInput.ForceLead());
    assertThat(bench.effects).hasOnlyElementsOfType(RoleEffect.Refuse.class);
  }

  @Test
  void aFenceIsReadAndEndsInTheTruth() {
    Bench zombie = paired();
    zombie.on(new RoleInput.FencedBy(2));
    assertThat(zombie.effects)
        .containsExactly(new RoleEffect.Freeze(2), new RoleEffect.ReadRegister());
    zombie.on(new RoleInput.RegisterRead(BOTH.promote(B)));
    assertThat(zombie.state()).isEqualTo(RoleState.DEPOSED);

    Bench leader = paired();
    leader.on(new RoleInput.FencedBy(6));
    leader.on(new RoleInput.RegisterRead(BOTH));
    assertThat(leader.effects).containsExactly(new RoleEffect.Change(BOTH, SOLO));
    leader.done(SOLO);
    Leadership raised = new Leadership(4, 7, A, Set.of(A));
    assertThat(leader.effects).containsExactly(RELEASE, new RoleEffect.Change(SOLO, raised));
    leader.done(raised);
    assertThat(leader.effects)
        .containsExactly(
            new RoleEffect.StartServing(raised),
            RELEASE,
            new RoleEffect.Admit(B, 3),
            new RoleEffect.Unfreeze());
  }

  @Test
  void aRegisterThatForgotIsWrittenAgain() {
    Bench bench = paired();
    bench.on(new RoleInput.LeadershipSeen(BOTH.solo(A)));
    bench.on(new RoleInput.RegisterRead(Leadership.NONE));
    assertThat(bench.effects)
        .containsExactly(
            new RoleEffect.Change(Leadership.NONE, new Leadership(3, 1, A, Set.of(A, B))));
  }

  @Test
  void aPrimaryWithoutAnArbiterDialsWhileItIsAlone() {
    Bench bench = Bench.alone(ArbiterKind.NONE, false);
    assertThat(bench.last(RoleEffect.Follow.class)).isNotNull();
    bench.admit(B);
    assertThat(bench.effects).contains(new RoleEffect.StopFollowing());
    bench.down(LinkSide.SOURCE, LinkEnd.RESET);
    assertThat(bench.effects).contains(new RoleEffect.Follow());
    bench.linkUp(LinkSide.FOLLOWER, B, PairRole.PAIR_PRIMARY, BOTH.promote(B));
    assertThat(bench.state()).isEqualTo(RoleState.DEPOSED);
  }

  @Test
  void beatsSayTheNewestAtOnceAndThenEveryInterval() {
    Bench bench = Bench.alone(ArbiterKind.WITNESS, false);
    bench.admit(B);
    bench.caughtUp();
    assertThat(bench.machine.on(new RoleInput.ChangeDone(BOTH), bench.nowNanos))
        .contains(new RoleEffect.SendBeat(PairRole.PAIR_PRIMARY, BOTH));
    long deadline = bench.machine.nextDeadlineNanos();
    assertThat(deadline - bench.nowNanos).isEqualTo(50 * Bench.MS);
    assertThat(bench.machine.on(new RoleInput.Tick(), deadline))
        .containsExactly(new RoleEffect.SendBeat(PairRole.PAIR_PRIMARY, BOTH));
  }
}
