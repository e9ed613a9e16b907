package dev.gatesvr.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplayRingTest {
  private static final int CAPACITY = 12;
  private static final Delivery DROPPABLE =
      new Delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, PushPolicy.POLICY_DROPPABLE, "");

  private final ReplayRing ring = new ReplayRing(CAPACITY, new Recorder());

  @Test
  void neighbouringGapsGrowIntoOne() {
    add(DROPPABLE, 3);
    add(Delivery.RELIABLE, 1);
    drop(3);
    assertThat(sendAll()).containsExactly("gap 1-3", "4");
  }

  @Test
  void gapThatLeftAndOneThatDidNotStayApart() {
    add(DROPPABLE, 1);
    ring.dropOldestDroppable(Gap.Reason.CAPACITY);
    assertThat(sendAll()).containsExactly("gap 1-1");
    add(DROPPABLE, 1);
    ring.dropOldestDroppable(Gap.Reason.CAPACITY);
    assertThat(sendAll()).containsExactly("gap 2-2");
  }

  @Test
  void acknowledgementInsideOfALaterGapLeavesTheRestOfIt() {
    add(DROPPABLE, 4);
    sendAll();
    ring.rewind();
    drop(4);
    ring.ack(2);
    assertThat(sendAll()).containsExactly("gap 3-4");
  }

  @Test
  void newerStateMakesTheOlderDroppable() {
    add(latest("hp"), 1);
    add(latest("mana"), 1);
    assertThat(ring.droppables()).isZero();
    add(latest("hp"), 1);
    assertThat(ring.droppables()).isEqualTo(1);
    drop(1);
    assertThat(sendAll()).containsExactly("gap 1-1", "2", "3");
  }

  @Test
  void dropsNothingThatWasNotDeclared() {
    add(Delivery.RELIABLE, 2);
    assertThatThrownBy(() -> ring.dropOldestDroppable(Gap.Reason.AGE))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Against a model that keeps one entry for every position ever given out. */
  @Test
  void agreesWithTheModel() {
    Seeds.each("session", "ReplayRingTest#agreesWithTheModel", 2_000, this::compare);
  }

  private void compare(long seed) {
    Random random = new Random(seed);
    ReplayRing tested = new ReplayRing(CAPACITY, new Recorder());
    List<Delivery> given = new ArrayList<>();
    boolean[] gone = new boolean[1_000];
    int acked = 0;
    int sent = 0;
    int everSent = 0;
    for (int step = 0; step < 300; step++) {
      int dice = random.nextInt(10);
      if (dice < 4 && tested.size() < CAPACITY) {
        Delivery delivery = any(random);
        tested.append(message(), 0, delivery, step);
        given.add(delivery);
      } else if (dice < 6 && tested.droppables() > 0) {
        gone[oldestDroppable(given, gone, acked)] = true;
        tested.dropOldestDroppable(Gap.Reason.CAPACITY);
      } else if (dice < 8 && tested.unsent() != null) {
        Slot next = tested.unsent();
        assertThat(next.firstSeq).isEqualTo(sent + 1L);
        assertThat(next.isGap()).isEqualTo(gone[sent]);
        for (long seq = next.firstSeq; seq <= next.lastSeq; seq++) {
          assertThat(gone[(int) seq - 1]).isEqualTo(next.isGap());
        }
        tested.markSent();
        sent = (int) next.lastSeq;
        everSent = Math.max(everSent, sent);
      } else if (dice == 8 && everSent > 0) {
        acked = Math.max(acked, random.nextInt(everSent + 1));
        tested.ack(acked);
        sent = Math.max(sent, acked);
      } else if (random.nextInt(4) == 0) {
        tested.rewind();
        sent = acked;
      }
      check(tested, given, gone, acked, sent);
    }
  }

  private static void check(
      ReplayRing tested, List<Delivery> given, boolean[] gone, int acked, int sent) {
    long kept = IntStream.range(acked, given.size()).filter(i -> !gone[i]).count();
    assertThat(tested.size()).isEqualTo((int) kept);
    assertThat(tested.bytes()).isGreaterThanOrEqualTo(kept).isLessThan(kept * 20 + 1);
    assertThat(tested.ackedSeq()).isEqualTo(acked);
    assertThat(tested.sentSeq()).isGreaterThanOrEqualTo(sent);
    assertThat(tested.lastSeq()).isEqualTo(given.size());
    assertThat(tested.slotCount()).isLessThanOrEqualTo(2 * (int) kept + 2);
    long droppable =
        IntStream.range(acked, given.size()).filter(i -> !gone[i] && mayGo(given, i)).count();
    assertThat(tested.droppables()).isEqualTo((int) droppable);
  }

  private static int oldestDroppable(List<Delivery> given, boolean[] gone, int acked) {
    return IntStream.range(acked, given.size())
        .filter(i -> !gone[i] && mayGo(given, i))
        .findFirst()
        .orElseThrow();
  }

  private static boolean mayGo(List<Delivery> given, int index) {
    Delivery delivery = given.get(index);
    return delivery.droppable()
        || (!delivery.key().isEmpty()
            && IntStream.range(index + 1, given.size())
                .anyMatch(later -> given.get(later).key().equals(delivery.key())));
  }

  private static Delivery any(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Delivery.RELIABLE;
      case 1 -> DROPPABLE;
      default -> latest("k" + random.nextInt(3));
    };
  }

  private static Delivery latest(String key) {
    return new Delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, PushPolicy.POLICY_LATEST, key);
  }

  private static ServerPush.Builder message() {
    return Messages.push(ByteString.copyFromUtf8("x"));
  }

  private void add(Delivery delivery, int times) {
    for (int i = 0; i < times; i++) {
      ring.append(message(), 0, delivery, 0);
    }
  }

  private void drop(int times) {
    for (int i = 0; i < times; i++) {
      ring.dropOldestDroppable(Gap.Reason.CAPACITY);
    }
  }

  private List<String> sendAll() {
    List<String> sent = new ArrayList<>();
    Slot next = ring.unsent();
    while (next != null) {
      sent.add(next.isGap() ? "gap " + next.firstSeq + "-" + next.lastSeq : "" + next.firstSeq);
      ring.markSent();
      next = ring.unsent();
    }
    return sent;
  }
}
