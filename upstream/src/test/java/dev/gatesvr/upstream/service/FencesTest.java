package dev.gatesvr.upstream.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.upstream.service.Fences.Verdict.Admitted;
import dev.gatesvr.upstream.service.Fences.Verdict.Fenced;
import dev.gatesvr.upstream.service.Fences.Verdict.Refused;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FencesTest {
  private final Fences fences = new Fences();

  @Test
  void aLowerTermIsFencedAndAHigherOneRaises() {
    assertAdmitted("p", 2);
    assertAdmitted("p", 2);
    assertFenced("p", 1, 2);
    assertAdmitted("p", 3);
    assertFenced("p", 2, 3);
    assertThat(fences.highest("p")).isEqualTo(3);
  }

  @Test
  void noTermOfAPairThatHasOneIsFencedAndOfOneThatHasNoneIsNot() {
    assertAdmitted("p", 0);
    assertThat(fences.terms()).isEmpty();
    assertAdmitted("p", 1);
    assertFenced("p", 0, 1);
  }

  @Test
  void aGatewayWithoutAPairIsNeverFenced() {
    assertAdmitted("", 9);
    assertAdmitted("", 0);
    assertAdmitted("", 1);
    assertThat(fences.deposed("", 0)).isFalse();
    assertThat(fences.terms()).isEmpty();
  }

  @Test
  void termsOfDifferentPairsAreNotCompared() {
    assertAdmitted("p", 9);
    assertAdmitted("q", 1);
    assertFenced("p", 8, 9);
    assertAdmitted("q", 1);
  }

  @Test
  void termsAreUnsigned() {
    assertAdmitted("p", Long.MAX_VALUE);
    assertAdmitted("p", -1);
    assertFenced("p", 1, -1);
    assertThat(fences.deposed("p", Long.MAX_VALUE)).isTrue();
  }

  @Test
  void beyondItsBoundAPairIsRefusedAndNoneIsForgotten() {
    for (int n = 0; n < Fences.PAIRS_MAX; n++) {
      assertAdmitted("pair " + n, 2);
    }
    assertThat(fences.admit("one more", 1))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.why()).contains("one more", "at most 64"));
    for (int n = 0; n < Fences.PAIRS_MAX; n++) {
      assertFenced("pair " + n, 1, 2);
      assertAdmitted("pair " + n, 3);
    }
    assertThat(new Fences().admit("x".repeat(129), 1)).isInstanceOf(Refused.class);
  }

  @Test
  void tellsOfEveryRiseAfterItCounts() {
    List<String> told = new ArrayList<>();
    fences.observe((pair, term) -> told.add(pair + " " + term + " " + fences.highest(pair)));
    assertAdmitted("p", 1);
    assertAdmitted("p", 1);
    assertFenced("p", 0, 1);
    assertAdmitted("p", 5);
    assertThat(told).containsExactly("p 1 1", "p 5 5");
  }

  @Test
  void deposedIsWhatIsLowerAndRaisesNothing() {
    assertAdmitted("p", 3);
    assertThat(fences.deposed("p", 2)).isTrue();
    assertThat(fences.deposed("p", 3)).isFalse();
    assertThat(fences.deposed("p", 4)).isFalse();
    assertThat(fences.highest("p")).isEqualTo(3);
  }

  private void assertAdmitted(String pair, long term) {
    assertThat(fences.admit(pair, term)).isInstanceOf(Admitted.class);
  }

  private void assertFenced(String pair, long term, long by) {
    assertThat(fences.admit(pair, term)).isEqualTo(new Fenced(by));
  }
}
