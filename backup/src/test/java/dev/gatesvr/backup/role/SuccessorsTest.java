package dev.gatesvr.backup.role;

import static dev.gatesvr.backup.role.Bench.A;
import static dev.gatesvr.backup.role.Bench.B;
import static dev.gatesvr.backup.role.Bench.BOTH;
import static dev.gatesvr.backup.role.Bench.FOUNDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.backup.register.Leadership;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuccessorsTest {
  @Test
  void successorsAreTheRegistersOwn() {
    Leadership none = Leadership.NONE;
    assertThat(Successors.lead(none, none, 0, A)).isEqualTo(none.found(A));
    assertThat(Successors.lead(BOTH, BOTH, 0, B)).isEqualTo(BOTH.promote(B));
    assertThat(Successors.lead(BOTH, BOTH, 0, "c#1")).isEqualTo(BOTH.refound("c#1", p -> true));
    assertThat(Successors.solo(BOTH, BOTH, A)).isEqualTo(BOTH.solo(A));
    assertThat(Successors.grow(FOUNDED, FOUNDED, B)).isEqualTo(FOUNDED.grow(A, B));
  }

  @Test
  void versionsGoOnFromTheNewestAndTermsFromTheHighest() {
    Leadership forgot = new Leadership(9, 0, "x#1", Set.of("x#1"));
    assertThat(Successors.again(BOTH, forgot)).isEqualTo(new Leadership(10, 1, A, Set.of(A, B)));
    assertThat(Successors.lead(BOTH, BOTH, 6, B)).isEqualTo(new Leadership(3, 7, B, Set.of(B)));
  }

  @Test
  void newerIsAHigherTermThenALowerNameThenAHigherVersion() {
    Leadership later = new Leadership(1, 2, "z#1", Set.of("z#1"));
    Leadership rival = new Leadership(9, 1, B, Set.of(B));
    assertThat(Successors.newer(later, BOTH)).isTrue();
    assertThat(Successors.newer(BOTH, later)).isFalse();
    assertThat(Successors.newer(BOTH, FOUNDED)).isTrue();
    assertThat(Successors.newer(BOTH, BOTH)).isFalse();
    assertThat(Successors.newer(FOUNDED, rival)).isTrue();
    assertThat(Successors.newer(rival, FOUNDED)).isFalse();
  }
}
