package dev.gatesvr.backup.register.none;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.backup.register.ArbiterObserver;
import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class NoArbiterTest {
  private static final Leadership FOUNDED = Leadership.NONE.found("A");
  private static final Leadership PAIR = FOUNDED.grow("A", "B");

  private final NoArbiter arbiter = new NoArbiter();

  private static Leadership now(CompletionStage<Leadership> stage) {
    return stage.toCompletableFuture().join();
  }

  @Test
  void changesWhatItHoldsAndNothingElse() {
    assertThat(now(arbiter.change(Leadership.NONE, FOUNDED))).isEqualTo(FOUNDED);
    assertThat(now(arbiter.change(Leadership.NONE, FOUNDED))).isEqualTo(FOUNDED);
    assertThat(now(arbiter.change(PAIR, PAIR.solo("A")))).isEqualTo(FOUNDED);
    assertThat(now(arbiter.change(FOUNDED, PAIR))).isEqualTo(PAIR);
    assertThat(now(arbiter.read())).isEqualTo(PAIR);
  }

  @Test
  void takesFromThePeerWhatIsNewer() {
    List<Leadership> told = new ArrayList<>();
    arbiter.observe(
        new ArbiterObserver() {
          @Override
          public void onEvidence(Evidence evidence) {
            throw new AssertionError("it has no eyes");
          }

          @Override
          public void onLeadership(Leadership newer) {
            told.add(newer);
          }
        });
    arbiter.learn(PAIR);
    arbiter.learn(FOUNDED);
    Leadership solo = PAIR.solo("A");
    Leadership promoted = PAIR.promote("B");
    arbiter.learn(promoted);
    arbiter.learn(solo);
    assertThat(now(arbiter.read())).isEqualTo(promoted);
    assertThat(told).containsExactly(PAIR, promoted);
  }

  @Test
  void twoThatFoundedApartAgreeWhenTheyMeet() {
    Leadership byB = Leadership.NONE.found("B");
    NoArbiter other = new NoArbiter();
    now(arbiter.change(Leadership.NONE, FOUNDED));
    now(other.change(Leadership.NONE, byB));
    arbiter.learn(byB);
    other.learn(FOUNDED);
    assertThat(now(arbiter.read())).isEqualTo(now(other.read()));
  }
}
