package dev.gatesvr.gateway.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.OfflineConfig;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OfflineStoreTest {
  private static final PushPolicy RELIABLE = PushPolicy.POLICY_RELIABLE;
  private static final PushPolicy DROPPABLE = PushPolicy.POLICY_DROPPABLE;
  private static final PushPolicy LATEST = PushPolicy.POLICY_LATEST;
  private static final String PLAYER = "10000";
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final int BODY = 100;

  private final Counted counted = new Counted();

  private static final class Counted implements OfflineObserver {
    private int expired;
    private int dropped;
    private int replaced;

    @Override
    public void expired(int messages) {
      expired += messages;
    }

    @Override
    public void dropped(int messages) {
      dropped += messages;
    }

    @Override
    public void replaced(int messages) {
      replaced += messages;
    }
  }

  private OfflineStore store(int messages, int players, long bytesMax) {
    return new OfflineStore(
        new OfflineConfig(true, messages, 1_024, players, bytesMax, TTL), counted);
  }

  private OfflineStore store() {
    return store(4, 100, 1 << 20);
  }

  private static Delivery of(PushPolicy policy, String key) {
    return new Delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, policy, key);
  }

  private static ServerPush message(String text) {
    byte[] body = new byte[BODY];
    byte[] front = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(front, 0, body, 0, front.length);
    return ServerPush.newBuilder().setPayload(ByteString.copyFrom(body)).build();
  }

  private static String text(StoredPush push) {
    return push.message().getPayload().toStringUtf8().replace("\0", "");
  }

  private static List<String> taken(OfflineStore store, String openid, long now) {
    return store.take(openid, now).stream().map(OfflineStoreTest::text).toList();
  }

  private static StoreVerdict add(OfflineStore store, String text, PushPolicy policy, String key) {
    return store.add(PLAYER, message(text), of(policy, key), 0);
  }

  private static StoreVerdict add(OfflineStore store, String text) {
    return add(store, text, RELIABLE, "");
  }

  private static void assertEmpty(OfflineStore store) {
    assertThat(store.players()).isZero();
    assertThat(store.messages()).isZero();
    assertThat(store.bytes()).isZero();
  }

  @Test
  void handsOverInOrderAndOnce() {
    OfflineStore store = store();
    assertThat(add(store, "a")).isEqualTo(StoreVerdict.STORED);
    add(store, "b");
    store.add("other", message("x"), of(RELIABLE, ""), 0);
    assertThat(store.messages()).isEqualTo(3);
    assertThat(store.players()).isEqualTo(2);
    assertThat(taken(store, PLAYER, 1)).containsExactly("a", "b");
    assertThat(taken(store, PLAYER, 1)).isEmpty();
    assertThat(taken(store, "other", 1)).containsExactly("x");
    assertEmpty(store);
  }

  @Test
  void refusesReliableOnesAtTheBoundAndDropsNone() {
    OfflineStore store = store();
    for (String text : List.of("a", "b", "c", "d")) {
      add(store, text);
    }
    assertThat(add(store, "e")).isEqualTo(StoreVerdict.FULL);
    assertThat(add(store, "f", DROPPABLE, "")).isEqualTo(StoreVerdict.FULL);
    assertThat(add(store, "g", LATEST, "k")).isEqualTo(StoreVerdict.FULL);
    assertThat(taken(store, PLAYER, 1)).containsExactly("a", "b", "c", "d");
    assertThat(counted.dropped).isZero();
  }

  @Test
  void dropsTheOldestDroppableAndCountsIt() {
    OfflineStore store = store();
    add(store, "a");
    add(store, "d1", DROPPABLE, "");
    add(store, "d2", DROPPABLE, "");
    add(store, "b");
    assertThat(add(store, "d3", DROPPABLE, "")).isEqualTo(StoreVerdict.STORED);
    assertThat(add(store, "c")).isEqualTo(StoreVerdict.STORED);
    assertThat(counted.dropped).isEqualTo(2);
    assertThat(taken(store, PLAYER, 1)).containsExactly("a", "b", "d3", "c");
    assertEmpty(store);
  }

  @Test
  void dropsByBytesNoMoreThanIsNeeded() {
    OfflineStore store = store(100, 100, 1 << 20);
    int fit = 1_024 / StoredPush.of(message("d"), of(DROPPABLE, ""), 0).bytes();
    for (int i = 0; i < fit; i++) {
      add(store, "d" + i, DROPPABLE, "");
    }
    assertThat(counted.dropped).isZero();
    add(store, "last");
    assertThat(counted.dropped).isEqualTo(1);
    assertThat(store.bytes()).isLessThanOrEqualTo(1_024);
    assertThat(taken(store, PLAYER, 1)).startsWith("d1").endsWith("last").hasSize(fit);
  }

  @Test
  void keepsOnlyTheNewestOfAKeyAtItsOwnPlace() {
    OfflineStore store = store();
    add(store, "pos1", LATEST, "pos");
    add(store, "a");
    add(store, "hp1", LATEST, "hp");
    add(store, "pos2", LATEST, "pos");
    add(store, "pos3", LATEST, "pos");
    assertThat(counted.replaced).isEqualTo(2);
    assertThat(taken(store, PLAYER, 1)).containsExactly("a", "hp1", "pos3");
    assertEmpty(store);
  }

  @Test
  void newerOfAKeyFitsWhereAllIsFull() {
    OfflineStore store = store();
    add(store, "pos1", LATEST, "pos");
    for (String text : List.of("a", "b", "c")) {
      add(store, text);
    }
    assertThat(add(store, "pos2", LATEST, "pos")).isEqualTo(StoreVerdict.STORED);
    assertThat(taken(store, PLAYER, 1)).containsExactly("a", "b", "c", "pos2");
  }

  @Test
  void refusedNewerOfAKeyLeavesTheOlder() {
    OfflineStore store = store();
    add(store, "pos1", LATEST, "pos");
    for (int i = 0; i < 3; i++) {
      add(store, "a" + i);
    }
    ServerPush large =
        ServerPush.newBuilder().setPayload(ByteString.copyFrom(new byte[900])).build();
    assertThat(store.add(PLAYER, large, of(LATEST, "pos"), 0)).isEqualTo(StoreVerdict.FULL);
    assertThat(taken(store, PLAYER, 1)).containsExactly("pos1", "a0", "a1", "a2");
    assertThat(counted.replaced).isZero();
  }

  @Test
  void boundsPlayersAndAllBytes() {
    OfflineStore players = store(4, 2, 1 << 20);
    assertThat(players.add("1", message("a"), of(RELIABLE, ""), 0)).isEqualTo(StoreVerdict.STORED);
    assertThat(players.add("2", message("a"), of(RELIABLE, ""), 0)).isEqualTo(StoreVerdict.STORED);
    assertThat(players.add("3", message("a"), of(RELIABLE, ""), 0)).isEqualTo(StoreVerdict.FULL);
    assertThat(players.add("2", message("b"), of(RELIABLE, ""), 0)).isEqualTo(StoreVerdict.STORED);
    OfflineStore bytes = store(100, 100, 1_024);
    int stored = 0;
    for (int i = 0; i < 20; i++) {
      StoreVerdict verdict = bytes.add("" + i, message("a"), of(RELIABLE, ""), 0);
      stored += verdict == StoreVerdict.STORED ? 1 : 0;
    }
    assertThat(stored)
        .isEqualTo(1_024 / (message("a").getSerializedSize() + Limits.POSITION_BYTES_MAX));
    assertThat(bytes.players()).isEqualTo(stored);
    assertThat(bytes.bytes()).isLessThanOrEqualTo(1_024);
  }

  @Test
  void largerThanAPlayersShareIsTooLarge() {
    ServerPush large =
        ServerPush.newBuilder().setPayload(ByteString.copyFrom(new byte[1_024])).build();
    assertThat(store().add(PLAYER, large, of(RELIABLE, ""), 0)).isEqualTo(StoreVerdict.TOO_LARGE);
  }

  @Test
  void expiredOnesAreNeverHandedOverAndAreCounted() {
    OfflineStore store = store();
    add(store, "old");
    store.add(PLAYER, message("young"), of(RELIABLE, ""), TTL.toNanos() - 1);
    assertThat(taken(store, PLAYER, TTL.toNanos())).containsExactly("young");
    assertThat(counted.expired).isEqualTo(1);
    assertEmpty(store);
  }

  @Test
  void expiredOnesMakeRoomAndASweepFindsTheRest() {
    OfflineStore store = store(1, 100, 1 << 20);
    add(store, "old");
    assertThat(store.add(PLAYER, message("new"), of(RELIABLE, ""), TTL.toNanos()))
        .isEqualTo(StoreVerdict.STORED);
    for (int i = 0; i < 99; i++) {
      store.add("p" + i, message("x"), of(RELIABLE, ""), 0);
    }
    for (int i = 0; i < OfflineStore.STRIPES; i++) {
      store.sweep(TTL.toNanos());
    }
    assertThat(counted.expired).isEqualTo(100);
    assertThat(store.players()).isEqualTo(1);
    assertThat(taken(store, PLAYER, TTL.toNanos())).containsExactly("new");
    assertEmpty(store);
  }

  @Test
  void clockMayWrapAround() {
    OfflineStore store = store();
    long late = Long.MAX_VALUE - 5;
    store.add(PLAYER, message("a"), of(RELIABLE, ""), late);
    assertThat(taken(store, PLAYER, late + 100)).containsExactly("a");
  }

  @Test
  void whatIsPutBackComesFirstAgain() {
    OfflineStore store = store();
    for (String text : List.of("a", "b", "c")) {
      add(store, text);
    }
    List<StoredPush> all = store.take(PLAYER, 1);
    add(store, "d");
    store.putBack(PLAYER, all.subList(1, 3));
    store.putBack("nobody", List.of());
    assertThat(store.messages()).isEqualTo(3);
    assertThat(store.players()).isEqualTo(1);
    assertThat(taken(store, PLAYER, 1)).containsExactly("b", "c", "d");
    assertEmpty(store);
  }

  @Test
  void turnedOffItTakesNothing() {
    OfflineStore store = new OfflineStore(OfflineConfig.defaults(), counted);
    assertThat(store.enabled()).isFalse();
    assertThatThrownBy(() -> add(store, "a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("offline.enabled: false (expected: true)");
    assertThat(store.take(PLAYER, 0)).isEmpty();
  }

  @Test
  void configurationNamesItsMistakes() {
    assertThatThrownBy(() -> new OfflineConfig(true, 0, 1_024, 1, 1_024, TTL))
        .isInstanceOf(ConfigException.class)
        .hasMessage("offline.messages_per_player: 0 (expected: 1 to 1048576)");
    assertThatThrownBy(() -> new OfflineConfig(true, 1, 2_048, 1, 1_024, TTL))
        .hasMessageStartingWith("offline.bytes_max: 1024 (expected: 2048 to ");
    assertThatThrownBy(() -> new OfflineConfig(true, 1, 2_048, 1, 4_096, Duration.ZERO))
        .hasMessageStartingWith("offline.ttl: 0s (expected: 1s to ");
  }

  /** Against a model without bounds of its own: order, bounds and counts after every step. */
  @Test
  void holdsItsInvariants() {
    Seeds.each("gateway", "OfflineStoreTest#holdsItsInvariants", 200, this::run);
  }

  private void run(long seed) {
    Random random = new Random(seed);
    Counted events = new Counted();
    OfflineConfig config = new OfflineConfig(true, 6, 1_024, 5, 3_000, Duration.ofSeconds(1));
    OfflineStore store = new OfflineStore(config, events);
    Map<String, List<String>> accepted = new HashMap<>();
    long now = random.nextLong();
    int added = 0;
    int left = 0;
    for (int step = 0; step < 500; step++) {
      now += random.nextInt(50_000_000);
      String player = "p" + random.nextInt(8);
      List<String> mine = accepted.computeIfAbsent(player, p -> new ArrayList<>());
      if (random.nextInt(4) > 0) {
        PushPolicy policy = PushPolicy.forNumber(random.nextInt(3));
        String key = policy == LATEST ? "k" + random.nextInt(2) : "";
        String text = (policy == RELIABLE ? "r" : "o") + step;
        if (store.add(player, message(text), of(policy, key), now) == StoreVerdict.STORED) {
          mine.add(text);
          added++;
        }
      } else if (random.nextBoolean()) {
        List<StoredPush> all = store.take(player, now);
        int fits = random.nextInt(all.size() + 1);
        assertSubsequence(all, mine);
        all.subList(0, fits).forEach(push -> mine.remove(text(push)));
        store.putBack(player, all.subList(fits, all.size()));
        left += fits;
      } else {
        store.sweep(now);
      }
      assertThat(store.messages())
          .isEqualTo(added - left - events.expired - events.dropped - events.replaced);
      assertThat(store.bytes()).isBetween(0L, config.bytesMax());
      assertThat(store.players()).isBetween(0, config.playersMax());
    }
    for (int i = 0; i < OfflineStore.STRIPES; i++) {
      store.sweep(now + config.ttl().toNanos());
    }
    assertEmpty(store);
  }

  /** In the order of acceptance, none twice, and nothing that was never accepted. */
  private static void assertSubsequence(List<StoredPush> taken, List<String> accepted) {
    int at = -1;
    for (StoredPush push : taken) {
      int found = accepted.indexOf(text(push));
      assertThat(found).as("%s in %s", text(push), accepted).isGreaterThan(at);
      at = found;
    }
  }
}
