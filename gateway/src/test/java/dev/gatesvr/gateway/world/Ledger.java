package dev.gatesvr.gateway.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.session.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one session accepted for its player, by position, and what pushes wait for an answer. */
final class Ledger {
  /** An accepted message. */
  record Owed(String text, Delivery delivery) {}

  private record Bound(List<Owed> before, List<Owed> after) {}

  private final List<Owed> owed = new ArrayList<>();
  private final Map<Long, Bound> bound = new HashMap<>();

  void accepted(Owed message) {
    owed.add(message);
  }

  void refused() {
    owed.removeLast();
  }

  void bind(long requestSeq, boolean before, Owed message) {
    Bound around =
        bound.computeIfAbsent(requestSeq, s -> new Bound(new ArrayList<>(), new ArrayList<>()));
    (before ? around.before : around.after).add(message);
  }

  /** BEFORE, answer and AFTER take their positions in one step. */
  void answered(long requestSeq, String text) {
    Bound around = bound.remove(requestSeq);
    if (around != null) {
      owed.addAll(around.before);
    }
    owed.add(new Owed(text, Delivery.RELIABLE));
    if (around != null) {
      owed.addAll(around.after);
    }
  }

  int size() {
    return owed.size();
  }

  String text(long seq) {
    return owed.get((int) seq - 1).text;
  }

  /** Only what was declared so may be missing: invariants 3 and 9. */
  void checkMayBeMissing(long seq) {
    Owed lost = owed.get((int) seq - 1);
    boolean may =
        switch (lost.delivery.policy()) {
          case POLICY_DROPPABLE -> true;
          case POLICY_LATEST ->
              owed.subList((int) seq, owed.size()).stream()
                  .anyMatch(later -> later.delivery.key().equals(lost.delivery.key()));
          default -> false;
        };
    assertThat(may).as("gap over %s", lost).isTrue();
  }
}
