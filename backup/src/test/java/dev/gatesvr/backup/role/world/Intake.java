package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.role.RoleInput;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a standby takes in: in order, and at its own pace. */
final class Intake {
  private final PairWorld world;
  private final Proc proc;
  private @Nullable Conn conn;
  private String stream = "";
  private int ended;
  private int[] applied = {-1, -1};
  private long readyNanos = Long.MIN_VALUE;

  Intake(PairWorld world, Proc proc) {
    this.world = world;
    this.proc = proc;
  }

  /** This link is up. */
  boolean on(Conn link) {
    return conn == link;
  }

  void linkUp(Conn link, RoleInput.LinkUp theirs) {
    conn = link;
    // What came on an older link is thrown away.
    readyNanos = world.time.nowNanos();
    proc.input(theirs);
    if (link.openAt(proc) && stream.startsWith(theirs.incarnation() + "/")) {
      String name = stream;
      List<Integer> has = ended == 2 ? List.of(applied[0], applied[1]) : List.of(-1, -1);
      link.send(proc, to -> to.feed().position(link, name, has));
    } else {
      link.send(proc, to -> to.feed().position(link, "", List.of(-1, -1)));
    }
  }

  /** Does something after what came before, if the link it came on stands still. */
  private void apply(Runnable action) {
    Conn on = conn;
    long work = world.slow(proc) ? 80 * Net.MS : 200_000;
    readyNanos =
        Math.max(readyNanos, world.time.nowNanos()) + world.time.random().nextInt((int) work);
    world.time.at(
        readyNanos,
        () ->
            proc.post(
                () -> {
                  if (on != null && on == conn && on.openAt(proc)) {
                    action.run();
                  }
                }));
  }

  void snapshotBegins(String name) {
    apply(
        () -> {
          if (!name.equals(stream)) {
            stream = name;
            ended = 0;
            applied = new int[] {-1, -1};
            proc.shards.forEach(shard -> shard.replace(List.of()));
            proc.input(new RoleInput.SnapshotBegun());
          }
        });
  }

  void snapshotEnds(String name, int index, List<Long> content) {
    apply(
        () -> {
          if (!name.equals(stream)) {
            return;
          }
          proc.shards.get(index).replace(content);
          applied[index] = content.size();
          ended++;
          if (ended == proc.shards.size()) {
            proc.input(new RoleInput.Joined());
          }
          ack(name, index);
        });
  }

  void entry(String name, int index, int lsn, long id) {
    apply(
        () -> {
          if (name.equals(stream)) {
            proc.shards.get(index).apply(lsn, id);
            applied[index] = lsn;
            ack(name, index);
          }
        });
  }

  private void ack(String name, int index) {
    int lsn = applied[index];
    send(to -> to.feed().acked(name, index, lsn));
  }

  private void send(Consumer<Proc> message) {
    Conn on = conn;
    if (on != null) {
      on.send(proc, message);
    }
  }

  void handOver(long term, List<Integer> lsns) {
    apply(
        () -> {
          if (applied[0] >= lsns.get(0) && applied[1] >= lsns.get(1)) {
            proc.input(new RoleInput.HandOverReceived(term));
          }
        });
  }
}
