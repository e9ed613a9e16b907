package dev.gatesvr.gateway.pair;

import dev.gatesvr.gateway.replica.FollowerPort;
import dev.gatesvr.gateway.replica.ReplicaStatus;
import dev.gatesvr.gateway.replica.StandbySession;
import dev.gatesvr.proto.LogEntry;
import dev.gatesvr.session.SessionLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The shards of one gateway: what {@link Fleet}, the directory and the push router do. */
// What is absent here has failed the run before.
@SuppressWarnings("NullAway")
final class SimFleet implements Logs {
  private static final long NEVER = Long.MAX_VALUE / 4;

  static final SessionLimits LIMITS =
      new SessionLimits(
          24,
          4_000,
          NEVER,
          6,
          4_000,
          3,
          NEVER,
          new SessionLimits.Times(NEVER, NEVER, 3, NEVER, NEVER));

  private final SimNode node;
  private final List<SimShard> shards = new ArrayList<>();
  private final Map<Integer, SimSeat> byPlayer = new HashMap<>();
  private final Map<String, SimSeat> bySessionId = new HashMap<>();
  private final SimDoor door;
  private long numbers;
  private int calls;

  SimFleet(PairWorld world, SimNode node) {
    this.node = node;
    for (int i = 0; i < world.shards(); i++) {
      shards.add(new SimShard(world, node, this, i));
    }
    door = new SimDoor(node, this);
  }

  SimDoor door() {
    return door;
  }

  SimShard shardOf(int player) {
    return shards.get(player % shards.size());
  }

  SimSeat ofPlayer(int player) {
    return byPlayer.get(player);
  }

  SimSeat ofSessionId(String sessionId) {
    return bySessionId.get(sessionId);
  }

  Collection<SimSeat> seats() {
    return byPlayer.values();
  }

  void claim(SimSeat seat) {
    SimSeat other = byPlayer.put(seat.player(), seat);
    SimBooks.must(other == null, "12: one live login of a player", seat);
    bySessionId.put(seat.sessionId(), seat);
  }

  void remove(SimSeat seat) {
    byPlayer.remove(seat.player(), seat);
    bySessionId.remove(seat.sessionId());
  }

  long nextNumber() {
    return ++numbers;
  }

  void numbersFrom(long number) {
    numbers = Math.max(numbers, number);
  }

  void called(int more) {
    calls += more;
  }

  int calls() {
    return calls;
  }

  private void each(Consumer<SimShard> task) {
    for (SimShard shard : shards) {
      shard.loop().execute(() -> task.accept(shard));
    }
  }

  void shut() {
    each(shard -> shard.replica().shut());
  }

  void open() {
    each(shard -> shard.replica().open());
  }

  void awaitFollower() {
    each(shard -> shard.replica().awaitFollower());
  }

  void adopt(Collection<StandbySession> sessions, boolean same, Runnable done) {
    List<List<StandbySession>> parts = new ArrayList<>();
    shards.forEach(shard -> parts.add(new ArrayList<>()));
    int next = 0;
    for (StandbySession session : sessions) {
      parts.get(next).add(session);
      next = (next + 1) % parts.size();
    }
    int[] left = {shards.size()};
    for (int i = 0; i < shards.size(); i++) {
      SimShard shard = shards.get(i);
      List<StandbySession> part = parts.get(i);
      shard
          .loop()
          .execute(
              () -> {
                shard.replica().shut();
                shard.adopt(part, same);
                if (--left[0] == 0) {
                  done.run();
                }
              });
    }
  }

  void depose(Runnable done) {
    int[] left = {shards.size()};
    each(
        shard -> {
          shard.depose();
          if (--left[0] == 0) {
            done.run();
          }
        });
  }

  void quiet(Consumer<Boolean> told) {
    int[] left = {shards.size()};
    boolean[] quiet = {true};
    each(
        shard -> {
          quiet[0] &= shard.replica().quiet();
          if (--left[0] == 0) {
            told.accept(quiet[0]);
          }
        });
  }

  boolean quiet() {
    return shards.stream().allMatch(shard -> shard.replica().quiet());
  }

  void zoneReady() {
    each(SimShard::zoneReady);
  }

  void push(SimBooks.Push push, Consumer<SimNode.PushResult> told) {
    SimSeat seat = byPlayer.get(push.player);
    if (seat == null) {
      told.accept(SimNode.PushResult.REFUSED);
    } else {
      seat.shard().loop().execute(() -> seat.push(push, told));
    }
  }

  List<ReplicaStatus> statuses() {
    return shards.stream().map(shard -> shard.replica().status()).toList();
  }

  /** Invariant 14. */
  void check() {
    for (ReplicaStatus status : statuses()) {
      SimBooks.must(
          status.queuedEntries() <= 2 * SimShard.LOG_ENTRIES
              && status.queuedBytes() <= 3 * SimShard.LOG_BYTES,
          "14: the log's bounds",
          status);
    }
    for (SimSeat seat : byPlayer.values()) {
      SimBooks.must(
          seat.core().queuedMessages() <= LIMITS.replayMessagesMax(),
          "14: the ring's bounds",
          seat);
    }
  }

  // ---------------------------------------------------------------- the follower

  @Override
  public int size() {
    return shards.size();
  }

  @Override
  public void follow(FollowerPort port, List<Long> applied, List<LogEntry> beside) {
    for (int i = 0; i < shards.size(); i++) {
      SimShard shard = shards.get(i);
      long lsn = i < applied.size() ? applied.get(i) : 0;
      shard.loop().execute(() -> shard.replica().follow(port, lsn, shard.snapshot()));
    }
  }

  @Override
  public void resume(FollowerPort port, List<Long> applied) {
    for (int i = 0; i < shards.size(); i++) {
      SimShard shard = shards.get(i);
      long lsn = i < applied.size() ? applied.get(i) : 0;
      shard.loop().execute(() -> shard.replica().resume(port, lsn));
    }
  }

  @Override
  public void unfollow(FollowerPort port) {
    each(shard -> shard.replica().unfollow(port));
  }

  @Override
  public void onAck(FollowerPort port, int log, long lsn, Runnable nonsense) {
    SimShard shard = shards.get(log);
    shard.loop().execute(() -> shard.replica().onAck(port, lsn));
  }

  @Override
  public String toString() {
    return node.incarnation() + " " + statuses();
  }
}
