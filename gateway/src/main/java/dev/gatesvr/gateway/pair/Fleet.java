package dev.gatesvr.gateway.pair;

import dev.gatesvr.gateway.replica.FollowerPort;
import dev.gatesvr.gateway.replica.ReplicaStatus;
import dev.gatesvr.gateway.replica.ShardReplica;
import dev.gatesvr.gateway.replica.StandbySession;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.proto.LogEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All shards of this gateway; what is asked of them happens on their loops, in order. */
final class Fleet implements Logs {
  private final List<SessionShard> shards;

  Fleet(List<SessionShard> shards) {
    this.shards = List.copyOf(shards);
  }

  @Override
  public int size() {
    return shards.size();
  }

  private void each(Consumer<SessionShard> task) {
    for (SessionShard shard : shards) {
      shard.execute(() -> task.accept(shard));
    }
  }

  private CompletableFuture<@Nullable Void> all(List<CompletableFuture<@Nullable Void>> parts) {
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply(done -> null);
  }

  /** What was held for the other becomes this gateway's own; nothing leaves yet. */
  CompletableFuture<@Nullable Void> adopt(Collection<StandbySession> sessions, boolean same) {
    List<List<StandbySession>> parts = new ArrayList<>();
    shards.forEach(shard -> parts.add(new ArrayList<>()));
    int next = 0;
    for (StandbySession session : sessions) {
      parts.get(next).add(session);
      next = (next + 1) % parts.size();
    }
    List<CompletableFuture<@Nullable Void>> done = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      SessionShard shard = shards.get(i);
      List<StandbySession> part = parts.get(i);
      done.add(
          CompletableFuture.runAsync(
              () -> {
                shard.replica().shut();
                shard.adopt(part, same);
              },
              shard.loop()));
    }
    return all(done);
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

  @Override
  public void follow(FollowerPort port, List<Long> applied, List<LogEntry> beside) {
    for (int i = 0; i < shards.size(); i++) {
      SessionShard shard = shards.get(i);
      long lsn = i < applied.size() ? applied.get(i) : 0;
      List<LogEntry> first = i == 0 ? beside : List.of();
      shard.execute(
          () -> shard.replica().follow(port, lsn, new InTurn(first.iterator(), shard.snapshot())));
    }
  }

  @Override
  public void resume(FollowerPort port, List<Long> applied) {
    for (int i = 0; i < shards.size(); i++) {
      SessionShard shard = shards.get(i);
      long lsn = i < applied.size() ? applied.get(i) : 0;
      shard.execute(() -> shard.replica().resume(port, lsn));
    }
  }

  @Override
  public void unfollow(FollowerPort port) {
    each(shard -> shard.replica().unfollow(port));
  }

  @Override
  public void onAck(FollowerPort port, int log, long lsn, Runnable nonsense) {
    SessionShard shard = shards.get(log);
    shard.execute(
        () -> {
          try {
            shard.replica().onAck(port, lsn);
          } catch (IllegalArgumentException e) {
            nonsense.run();
          }
        });
  }

  /** Every session is elsewhere now; completes when none is left. */
  CompletableFuture<@Nullable Void> depose(List<String> gateways) {
    List<CompletableFuture<@Nullable Void>> done = new ArrayList<>();
    for (SessionShard shard : shards) {
      CompletableFuture<@Nullable Void> one = new CompletableFuture<>();
      shard.execute(() -> shard.depose(gateways, () -> one.complete(null)));
      done.add(one);
    }
    return all(done);
  }

  /** True when the follower has everything and nothing waits, after all that came before. */
  CompletableFuture<Boolean> quiet() {
    CompletableFuture<Boolean> quiet = CompletableFuture.completedFuture(true);
    for (SessionShard shard : shards) {
      CompletableFuture<Boolean> one =
          CompletableFuture.supplyAsync(shard.replica()::quiet, shard.loop());
      quiet = quiet.thenCombine(one, Boolean::logicalAnd);
    }
    return quiet;
  }

  /** Replicates what is no session's, in the first log. */
  void append(Consumer<ShardReplica> entry) {
    SessionShard first = shards.getFirst();
    first.execute(() -> entry.accept(first.replica()));
  }

  List<ReplicaStatus> statuses() {
    return shards.stream().map(shard -> shard.replica().status()).toList();
  }
}
