package dev.gatesvr.gateway.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.config.OfflineConfig;
import dev.gatesvr.gateway.offline.OfflineObserver;
import dev.gatesvr.gateway.offline.OfflineStore;
import dev.gatesvr.gateway.offline.StoredPush;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.session.PushVerdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredDeliveryTest {
  private static final String PLAYER = "10000";

  private final List<Integer> got = new ArrayList<>();
  private final OfflineStore store =
      new OfflineStore(
          new OfflineConfig(true, 10, 1_024, 10, 10_240, Duration.ofMinutes(1)),
          new OfflineObserver() {
            @Override
            public void expired(int messages) {}

            @Override
            public void dropped(int messages) {}

            @Override
            public void replaced(int messages) {}
          });

  @BeforeEach
  void fill() {
    for (int number = 1; number <= 4; number++) {
      store.add(PLAYER, ServerPush.newBuilder().setMsgId(number).build(), Delivery.RELIABLE, 0);
    }
  }

  /** A session with room for some, which then says {@code otherwise}. */
  private Function<StoredPush, PushVerdict> room(int places, PushVerdict otherwise) {
    int full = got.size() + places;
    return push -> {
      if (got.size() >= full) {
        return otherwise;
      }
      got.add(push.message().getMsgId());
      return PushVerdict.QUEUED;
    };
  }

  @Test
  void whatHasNoRoomFollowsLaterInOrder() {
    assertThat(StoredDelivery.deliver(store, PLAYER, 1, room(2, PushVerdict.FULL))).isTrue();
    assertThat(store.messages()).isEqualTo(2);
    assertThat(StoredDelivery.deliver(store, PLAYER, 1, room(0, PushVerdict.FULL))).isTrue();
    assertThat(StoredDelivery.deliver(store, PLAYER, 1, room(9, PushVerdict.FULL))).isFalse();
    assertThat(got).containsExactly(1, 2, 3, 4);
    assertThat(store.messages()).isZero();
  }

  @Test
  void sessionThatEndedTakesNothing() {
    assertThat(StoredDelivery.deliver(store, PLAYER, 1, room(0, PushVerdict.ENDED))).isTrue();
    assertThat(store.messages()).isEqualTo(4);
  }

  @Test
  void oneThatNoSessionCanTakeDoesNotStopTheRest() {
    assertThat(
            StoredDelivery.deliver(
                store,
                PLAYER,
                1,
                push -> {
                  int number = push.message().getMsgId();
                  if (number == 2) {
                    return PushVerdict.TOO_LARGE;
                  }
                  got.add(number);
                  return PushVerdict.QUEUED;
                }))
        .isFalse();
    assertThat(got).containsExactly(1, 3, 4);
  }
}
