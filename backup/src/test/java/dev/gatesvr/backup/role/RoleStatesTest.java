package dev.gatesvr.backup.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tries every arrow from every state; the table of {@link RoleStates} once more, as data. */
class RoleStatesTest {
  private static List<Consumer<RoleStates>> way(RoleState state) {
    return switch (state) {
      case STARTING -> List.of();
      case FOLLOWING -> List.of(RoleStates::toFollowing);
      case PROMOTING -> List.of(RoleStates::toFollowing, RoleStates::toPromoting);
      case PRIMARY -> led(List.of());
      case HANDING_OVER -> paired(List.of(RoleStates::toHandingOver));
      case DEPOSED -> led(List.of(RoleStates::toDeposed));
    };
  }

  private static List<Consumer<RoleStates>> way(Partner partner) {
    return switch (partner) {
      case ALONE -> led(List.of());
      case JOINING -> led(List.of(RoleStates::toJoining));
      case GROWING -> led(List.of(RoleStates::toJoining, RoleStates::toGrowing));
      case PAIRED -> paired(List.of());
      case SHRINKING -> paired(List.of(RoleStates::toShrinking));
      case STALLED -> paired(List.of(RoleStates::toStalled));
    };
  }

  private static List<Consumer<RoleStates>> led(List<Consumer<RoleStates>> more) {
    List<Consumer<RoleStates>> way =
        new ArrayList<>(
            List.of(RoleStates::toFollowing, RoleStates::toPromoting, RoleStates::toPromoted));
    way.addAll(more);
    return way;
  }

  private static List<Consumer<RoleStates>> paired(List<Consumer<RoleStates>> more) {
    List<Consumer<RoleStates>> way =
        led(List.of(RoleStates::toJoining, RoleStates::toGrowing, RoleStates::toPaired));
    way.addAll(more);
    return way;
  }

  private static RoleStates walk(List<Consumer<RoleStates>> way) {
    RoleStates states = new RoleStates();
    way.forEach(arrow -> arrow.accept(states));
    return states;
  }

  private static Set<String> from(Consumer<RoleStates> arrow) {
    Set<String> legal = new TreeSet<>();
    for (RoleState state : RoleState.values()) {
      RoleStates states = walk(way(state));
      assertThat(states.state()).isEqualTo(state);
      try {
        arrow.accept(states);
        legal.add(state.name());
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining(state + " ").hasMessageContaining("→ ");
        assertThat(states.state()).isEqualTo(state);
      }
    }
    return legal;
  }

  private static Set<String> fromPartner(Consumer<RoleStates> arrow) {
    Set<String> legal = new TreeSet<>();
    for (Partner partner : Partner.values()) {
      RoleStates states = walk(way(partner));
      assertThat(states.partner()).isEqualTo(partner);
      try {
        arrow.accept(states);
        legal.add(partner.name());
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining(partner + " → ");
        assertThat(states.partner()).isEqualTo(partner);
      }
    }
    return legal;
  }

  @Test
  void rolesHaveTheArrowsOfTheTableAndNoOther() {
    assertThat(from(RoleStates::toFollowing)).containsExactly("DEPOSED", "PROMOTING", "STARTING");
    assertThat(from(RoleStates::toPromoting)).containsExactly("FOLLOWING");
    assertThat(from(RoleStates::toPromoted)).containsExactly("FOLLOWING", "PROMOTING");
    assertThat(from(RoleStates::toResumed)).containsExactly("HANDING_OVER");
    assertThat(from(RoleStates::toDeposed)).containsExactly("HANDING_OVER", "PRIMARY");
  }

  @Test
  void partnersHaveTheArrowsOfTheTableAndNoOther() {
    assertThat(fromPartner(RoleStates::toJoining)).containsExactly("ALONE");
    assertThat(fromPartner(RoleStates::toGrowing)).containsExactly("JOINING", "PAIRED");
    assertThat(fromPartner(RoleStates::toPaired))
        .containsExactly("GROWING", "SHRINKING", "STALLED");
    assertThat(fromPartner(RoleStates::toShrinking))
        .containsExactly("GROWING", "PAIRED", "STALLED");
    assertThat(fromPartner(RoleStates::toStalled)).containsExactly("PAIRED", "SHRINKING");
    assertThat(fromPartner(RoleStates::toAlone)).containsExactly("GROWING", "JOINING", "SHRINKING");
    assertThat(fromPartner(RoleStates::toHandingOver)).containsExactly("PAIRED");
  }

  @Test
  void noPartnerChangesWhileItDoesNotLead() {
    assertThatThrownBy(() -> walk(way(RoleState.HANDING_OVER)).toShrinking())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("HANDING_OVER PAIRED → SHRINKING");
    assertThatThrownBy(() -> new RoleStates().toJoining())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("STARTING ALONE → JOINING");
  }

  @Test
  void deposedLeavesNoPartner() {
    RoleStates states = walk(way(Partner.SHRINKING));
    states.toDeposed();
    assertThat(states.partner()).isEqualTo(Partner.ALONE);
  }
}
