package dev.gatesvr.backup.role;

import static dev.gatesvr.backup.role.Bench.A;
import static dev.gatesvr.backup.role.Bench.B;
import static dev.gatesvr.backup.role.Bench.BOTH;
import static dev.gatesvr.backup.role.Bench.FOUNDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleSettings.ArbiterKind;
import dev.gatesvr.backup.role.RoleSettings.Mode;
import dev.gatesvr.proto.PairRole;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StandbyTest {
  private static final RoleEffect PROMOTE = new RoleEffect.Change(BOTH, BOTH.promote(B));

  @Test
  void onlyModePrimaryFoundsAnEmptyRegister() {
    Bench founder = new Bench(A, Mode.PRIMARY, ArbiterKind.WITNESS, false);
    assertThat(founder.effects)
        .containsExactly(new RoleEffect.Follow(), new RoleEffect.ReadRegister());
    founder.on(new RoleInput.RegisterRead(Leadership.NONE));
    assertThat(founder.wanted()).isEqualTo(Leadership.NONE.found(A));
    assertThat(founder.state()).isEqualTo(RoleState.PROMOTING);
    founder.done(FOUNDED);
    assertThat(founder.effects)
        .containsExactly(new RoleEffect.StartServing(FOUNDED), new RoleEffect.ReleaseOutputs());

    Bench waiting = new Bench(B, Mode.BACKUP, ArbiterKind.WITNESS, false);
    waiting.on(new RoleInput.RegisterRead(Leadership.NONE));
    assertThat(waiting.pass(2000)).isEmpty();
    assertThat(waiting.state()).isEqualTo(RoleState.FOLLOWING);
  }

  @Test
  void withoutAnArbiterTheFounderGivesTheOtherTimeToSpeak() {
    Bench founder = new Bench(A, Mode.PRIMARY, ArbiterKind.NONE, false);
    founder.on(new RoleInput.RegisterRead(Leadership.NONE));
    assertThat(founder.pass(299)).isEmpty();
    assertThat(founder.pass(2)).hasAtLeastOneElementOfType(RoleEffect.Change.class);

    Bench late = new Bench(A, Mode.PRIMARY, ArbiterKind.NONE, false);
    late.on(new RoleInput.RegisterRead(Leadership.NONE));
    late.linkUp(LinkSide.FOLLOWER, B, PairRole.PAIR_PRIMARY, BOTH.promote(B));
    assertThat(late.pass(200)).isEmpty();
    assertThat(late.state()).isEqualTo(RoleState.FOLLOWING);
  }

  @Test
  void resetAndMostWitnessesPromoteAtOnce() {
    Bench bench = Bench.standby(ArbiterKind.WITNESS);
    bench.down(LinkSide.FOLLOWER, LinkEnd.RESET);
    assertThat(bench.effects).isEmpty();
    bench.evidence(A, 1, 0);
    assertThat(bench.effects).isEmpty();
    bench.evidence(A, 2, 0);
    assertThat(bench.effects).containsExactly(new RoleEffect.StopFollowing(), PROMOTE);
    bench.done(BOTH.promote(B));
    assertThat(bench.effects)
        .containsExactly(
            new RoleEffect.StartServing(BOTH.promote(B)), new RoleEffect.ReleaseOutputs());
  }

  @Test
  void witnessesAloneOrTheLinkAlonePromoteNobody() {
    Bench lit = Bench.standby(ArbiterKind.WITNESS);
    lit.evidence(A, 3, 0);
    assertThat(lit.effects).isEmpty();
    Bench cut = Bench.standby(ArbiterKind.WITNESS);
    cut.down(LinkSide.FOLLOWER, LinkEnd.RESET);
    cut.down(LinkSide.FOLLOWER, LinkEnd.REFUSED);
    assertThat(cut.pass(2000)).isEmpty();
    Bench lost = Bench.standby(ArbiterKind.WITNESS);
    lost.down(LinkSide.FOLLOWER, LinkEnd.OTHER);
    lost.evidence(A, 3, 0);
    assertThat(lost.effects).isEmpty();
    assertThat(lost.pass(299)).isEmpty();
    assertThat(lost.pass(2)).contains(PROMOTE);
  }

  @Test
  void silenceNeedsMostWitnesses() {
    Bench bench = Bench.standby(ArbiterKind.WITNESS);
    assertThat(bench.pass(299)).isEmpty();
    assertThat(bench.pass(2))
        .as("dials again")
        .containsExactly(new RoleEffect.StopFollowing(), new RoleEffect.Follow());
    bench.evidence(A, 0, 1);
    assertThat(bench.effects).isEmpty();
    bench.evidence(A, 0, 2);
    assertThat(bench.effects).contains(PROMOTE);
  }

  @Test
  void withoutWitnessesARefusedDialOrSilenceIsEnough() {
    for (ArbiterKind arbiter : Set.of(ArbiterKind.ETCD, ArbiterKind.NONE)) {
      Bench refused = Bench.standby(arbiter);
      refused.down(LinkSide.FOLLOWER, LinkEnd.RESET);
      assertThat(refused.effects).isEmpty();
      refused.down(LinkSide.FOLLOWER, LinkEnd.REFUSED);
      assertThat(refused.effects).contains(PROMOTE);
      Bench silent = Bench.standby(arbiter);
      assertThat(silent.pass(299)).isEmpty();
      assertThat(silent.pass(2)).contains(PROMOTE);
    }
  }

  @Test
  void anOwnPauseIsNotTheOthersSilence() {
    Bench bench = Bench.standby(ArbiterKind.ETCD);
    bench.pause(5000);
    assertThat(bench.on(new RoleInput.Tick())).isEmpty();
    assertThat(bench.pass(299)).isEmpty();
    assertThat(bench.pass(2)).contains(PROMOTE);

    Bench witnessed = Bench.standby(ArbiterKind.WITNESS);
    witnessed.pause(5000);
    witnessed.evidence(A, 0, 3);
    assertThat(witnessed.effects).as("the first input is no tick").isEmpty();
  }

  @Test
  void whoIsNotInSyncOrNotWholeStandsBy() {
    Bench outside = new Bench(B, Mode.BACKUP, ArbiterKind.ETCD, false);
    outside.on(new RoleInput.RegisterRead(FOUNDED));
    outside.linkUp(LinkSide.FOLLOWER, A, PairRole.PAIR_PRIMARY, FOUNDED);
    outside.on(new RoleInput.Joined());
    outside.down(LinkSide.FOLLOWER, LinkEnd.RESET);
    outside.down(LinkSide.FOLLOWER, LinkEnd.REFUSED);
    assertThat(outside.pass(2000)).doesNotHaveAnyElementsOfTypes(RoleEffect.Change.class);

    Bench torn = Bench.standby(ArbiterKind.ETCD);
    torn.on(new RoleInput.SnapshotBegun());
    torn.down(LinkSide.FOLLOWER, LinkEnd.RESET);
    torn.down(LinkSide.FOLLOWER, LinkEnd.REFUSED);
    assertThat(torn.pass(2000)).doesNotHaveAnyElementsOfTypes(RoleEffect.Change.class);
  }

  @Test
  void anotherProcessOfTheLeadersServerPromotesAtOnce() {
    Bench bench = Bench.standby(ArbiterKind.WITNESS);
    bench.down(LinkSide.FOLLOWER, LinkEnd.RESET);
    bench.linkUp(LinkSide.FOLLOWER, "a#2", PairRole.PAIR_STARTING, Leadership.NONE);
    assertThat(bench.effects).containsExactly(new RoleEffect.StopFollowing(), PROMOTE);
  }

  @Test
  void aHandOverPromotesAtOnceInItsTermOnly() {
    Bench bench = Bench.standby(ArbiterKind.WITNESS);
    bench.on(new RoleInput.HandOverReceived(7));
    assertThat(bench.effects).isEmpty();
    bench.on(new RoleInput.HandOverReceived(1));
    assertThat(bench.effects).containsExactly(new RoleEffect.StopFollowing(), PROMOTE);
  }

  @Test
  void aLostRaceLeadsBackToFollowing() {
    Bench bench = Bench.standby(ArbiterKind.ETCD);
    bench.pass(301);
    bench.done(BOTH.solo(A));
    assertThat(bench.effects).containsExactly(new RoleEffect.Follow());
    assertThat(bench.state()).isEqualTo(RoleState.FOLLOWING);
    assertThat(bench.pass(2000)).doesNotHaveAnyElementsOfTypes(RoleEffect.Change.class);
  }

  @Test
  void anUnknownOutcomeIsReadBeforeAnythingElse() {
    Bench bench = Bench.standby(ArbiterKind.ETCD);
    bench.pass(301);
    assertThat(bench.on(new RoleInput.ChangeUnknown()))
        .containsExactly(new RoleEffect.ReadRegister());
    assertThat(bench.state()).isEqualTo(RoleState.PROMOTING);
    assertThat(bench.on(new RoleInput.RegisterSilent())).containsExactly(new RoleEffect.Follow());
    assertThat(bench.state()).isEqualTo(RoleState.FOLLOWING);
    bench.down(LinkSide.FOLLOWER, LinkEnd.REFUSED);
    assertThat(bench.pass(99)).isEmpty();
    assertThat(bench.pass(2)).containsExactly(new RoleEffect.ReadRegister());
    bench.on(new RoleInput.RegisterRead(BOTH.promote(B)));
    assertThat(bench.effects)
        .containsExactly(
            new RoleEffect.StopFollowing(),
            new RoleEffect.StartServing(BOTH.promote(B)),
            new RoleEffect.ReleaseOutputs());
  }

  @Test
  void aHintOfAWitnessIsReadAndNotBelieved() {
    Bench bench = Bench.standby(ArbiterKind.WITNESS);
    bench.on(new RoleInput.LeadershipSeen(BOTH.solo(A)));
    assertThat(bench.effects).containsExactly(new RoleEffect.ReadRegister());
    assertThat(bench.machine.status().leadership()).isEqualTo(BOTH);
    bench.on(new RoleInput.RegisterRead(BOTH.solo(A)));
    assertThat(bench.machine.status().leadership()).isEqualTo(BOTH.solo(A));
    bench.on(new RoleInput.LeadershipSeen(BOTH));
    assertThat(bench.effects).as("old news").isEmpty();
  }

  @Test
  void whenAllThatHeldTheSessionsAreGoneModePrimaryBeginsAnew() {
    Bench bench = new Bench("a#2", Mode.PRIMARY, ArbiterKind.WITNESS, false);
    bench.on(new RoleInput.RegisterRead(BOTH));
    assertThat(bench.pass(1000)).doesNotHaveAnyElementsOfTypes(RoleEffect.Change.class);
    bench.linkUp(LinkSide.SOURCE, "b#2", PairRole.PAIR_STANDBY, BOTH);
    assertThat(bench.wanted()).isEqualTo(new Leadership(3, 2, "a#2", Set.of("a#2")));

    Bench other = new Bench("b#2", Mode.BACKUP, ArbiterKind.WITNESS, false);
    other.on(new RoleInput.RegisterRead(BOTH));
    other.linkUp(LinkSide.SOURCE, "a#2", PairRole.PAIR_STANDBY, BOTH);
    assertThat(other.pass(100)).doesNotHaveAnyElementsOfTypes(RoleEffect.Change.class);
  }

  @Test
  void aBeginningAnewThatArrivesLateIsServed() {
    Bench bench = new Bench("a#2", Mode.PRIMARY, ArbiterKind.ETCD, false);
    bench.on(new RoleInput.RegisterRead(BOTH.solo(A)));
    Leadership anew = new Leadership(4, 2, "a#2", Set.of("a#2"));
    assertThat(bench.wanted()).isEqualTo(anew);
    bench.on(new RoleInput.ChangeUnknown());
    bench.on(new RoleInput.RegisterSilent());
    assertThat(bench.state()).isEqualTo(RoleState.FOLLOWING);
    bench.pass(101);
    bench.on(new RoleInput.RegisterRead(anew));
    assertThat(bench.effects).contains(new RoleEffect.StartServing(anew));
  }

  @Test
  void theOperatorForcesTheLeadUnlessTheLeaderIsHeard() {
    Bench bench = new Bench("b#2", Mode.BACKUP, ArbiterKind.WITNESS, false);
    bench.on(new RoleInput.RegisterRead(BOTH));
    bench.linkUp(LinkSide.FOLLOWER, A, PairRole.PAIR_PRIMARY, BOTH);
    bench.on(new RoleInput.ForceLead());
    assertThat(bench.effects)
        .containsExactly(
            new RoleEffect.Refuse(new RoleInput.ForceLead(), "a#1 leads, and is heard"));
    bench.down(LinkSide.FOLLOWER, LinkEnd.OTHER);
    bench.on(new RoleInput.ForceLead());
    assertThat(bench.wanted()).isEqualTo(new Leadership(3, 2, "b#2", Set.of("b#2")));
  }

  @Test
  void ofTwoLeadersOfOneTermTheLowerNameStands() {
    Bench bench = Bench.alone(ArbiterKind.NONE, false);
    bench.linkUp(LinkSide.SOURCE, B, PairRole.PAIR_PRIMARY, new Leadership(9, 1, B, Set.of(B)));
    assertThat(bench.state()).isEqualTo(RoleState.PRIMARY);
    bench.beat(LinkSide.SOURCE, PairRole.PAIR_PRIMARY, new Leadership(1, 1, "a#0", Set.of("a#0")));
    assertThat(bench.state()).isEqualTo(RoleState.DEPOSED);
  }

  @Test
  void anAnswerWithoutAQuestionIsRefused() {
    Bench bench = Bench.standby(ArbiterKind.WITNESS);
    assertThatThrownBy(() -> bench.done(BOTH))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("CHANGE");
    assertThatThrownBy(() -> bench.on(new RoleInput.Stopped()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("FOLLOWING");
  }
}
