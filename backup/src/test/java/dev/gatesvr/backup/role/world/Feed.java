package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleEffect;
import dev.gatesvr.backup.role.RoleInput;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a primary serves and replicates. The gates reach each log after a while, in order. */
final class Feed {
  private static final long LOOK_NANOS = 20 * Net.MS;
  private static final int TAIL_MAX = 60;

  private final PairWorld world;
  private final Proc proc;
  private final long[] gateNanos;
  private @Nullable Stream stream;
  private boolean serving;
  private long served;
  private long term;
  private long freeze;
  private int frozen;
  private boolean flushed;
  private boolean resuming;
  private @Nullable Position position;

  Feed(PairWorld world, Proc proc) {
    this.world = world;
    this.proc = proc;
    gateNanos = new long[proc.shards.size()];
    Arrays.fill(gateNanos, Long.MIN_VALUE);
  }

  /** What goes to one follower since it was admitted. */
  static final class Stream {
    final String follower;
    final long admission;
    final String name;
    final int[] endLsn = {-1, -1};
    final int[] acked = {0, 0};
    @Nullable Conn conn;
    boolean caughtUp;
    boolean dropped;

    Stream(String leader, String follower, long admission, @Nullable Conn conn) {
      this.follower = follower;
      this.admission = admission;
      this.conn = conn;
      name = leader + "/" + admission;
    }
  }

  private boolean live(Stream of) {
    return of == stream && !of.dropped;
  }

  /** Reaches every log a little later, after what was sent there before. */
  private void toShards(Consumer<Integer> action) {
    for (int i = 0; i < gateNanos.length; i++) {
      int shard = i;
      gateNanos[i] =
          Math.max(gateNanos[i], world.time.nowNanos() + world.time.random().nextInt(2000) * 1000L);
      world.time.at(gateNanos[i], () -> proc.post(() -> action.accept(shard)));
    }
  }

  private Shard shard(int index) {
    return proc.shards.get(index);
  }

  void start(Leadership leadership) {
    world.truth.serves(proc, leadership);
    term = leadership.term();
    world.fence(term);
    if (!serving) {
      serving = true;
      stream = null;
      proc.shards.forEach(Shard::begin);
      long number = ++served;
      work(number);
      look(number);
    }
  }

  void stop() {
    serving = false;
    served++;
    stream = null;
    toShards(i -> shard(i).stop());
    proc.later(5 * Net.MS, () -> proc.input(new RoleInput.Stopped()));
  }

  void hold() {
    toShards(i -> shard(i).hold());
  }

  void await() {
    toShards(i -> shard(i).await());
  }

  void open() {
    if (stream != null) {
      stream.dropped = true;
      stream = null;
    }
    toShards(
        i -> {
          shard(i).open();
          lookFlushed();
        });
  }

  void freeze(long number) {
    freeze = number;
    frozen = 0;
    flushed = false;
    toShards(
        i -> {
          shard(i).freeze(true);
          frozen++;
          lookFlushed();
        });
  }

  void unfreeze() {
    freeze = 0;
    toShards(i -> shard(i).freeze(false));
  }

  private void lookFlushed() {
    if (freeze > 0
        && frozen == proc.shards.size()
        && !flushed
        && proc.shards.stream().allMatch(Shard::flushed)) {
      flushed = true;
      long number = freeze;
      proc.later(Net.MS, () -> proc.input(new RoleInput.Flushed(number)));
    }
  }

  void handOver(long ofTerm) {
    Stream to = stream;
    if (to != null && to.conn != null) {
      List<Integer> lsns = proc.shards.stream().map(Shard::lastLsn).toList();
      to.conn.send(proc, other -> other.intake().handOver(ofTerm, lsns));
    }
  }

  void admit(RoleEffect.Admit admit, @Nullable Conn conn) {
    resuming = false;
    Stream begun = new Stream(proc.incarnation, admit.follower(), admit.admission(), conn);
    stream = begun;
    proc.shards.forEach(Shard::forgetAcks);
    toShards(
        i -> {
          if (!live(begun)) {
            return;
          }
          send(begun, to -> to.intake().snapshotBegins(begun.name));
          proc.later(world.time.random().nextInt(100) * Net.MS, () -> snapshotEnds(begun, i));
        });
  }

  private void snapshotEnds(Stream of, int index) {
    if (!live(of) || of.conn == null) {
      return;
    }
    List<Long> content = shard(index).entries();
    of.endLsn[index] = content.size();
    shard(index).awaitUnlessHeld();
    send(of, to -> to.intake().snapshotEnds(of.name, index, content));
  }

  private void send(Stream of, Consumer<Proc> message) {
    if (of.conn != null) {
      of.conn.send(proc, message);
    }
  }

  void linkGone() {
    resuming = false;
    position = null;
    if (stream != null) {
      stream.conn = null;
    }
  }

  /** What a follower says that it has, on a new link. */
  private record Position(Conn conn, String name, List<Integer> applied) {}

  void position(Conn conn, String name, List<Integer> applied) {
    position = new Position(conn, name, applied);
    resumeWhenBothCame();
  }

  void resume() {
    resuming = true;
    resumeWhenBothCame();
  }

  private void resumeWhenBothCame() {
    Position from = position;
    if (resuming && from != null && from.conn == proc.accepted()) {
      resuming = false;
      resumeAfter(from.conn, from.name, from.applied);
    }
  }

  private void resumeAfter(Conn conn, String name, List<Integer> applied) {
    Stream of = stream;
    boolean known = of != null && of.name.equals(name) && of.endLsn[0] >= 0 && of.endLsn[1] >= 0;
    for (int i = 0; known && i < applied.size(); i++) {
      int lag = shard(i).lastLsn() - applied.get(i);
      known = lag >= 0 && lag <= TAIL_MAX && applied.get(i) >= 0;
    }
    if (of == null || !known) {
      proc.input(new RoleInput.ResyncNeeded(conn.other(proc).incarnation));
      return;
    }
    of.conn = conn;
    for (int i = 0; i < applied.size(); i++) {
      List<Long> all = shard(i).entries();
      for (int lsn = applied.get(i) + 1; lsn <= all.size(); lsn++) {
        entry(of, i, lsn, all.get(lsn - 1));
      }
      acked(name, i, applied.get(i));
    }
  }

  private void entry(Stream of, int index, int lsn, long id) {
    send(of, to -> to.intake().entry(of.name, index, lsn, id));
  }

  void acked(String name, int index, int lsn) {
    Stream of = stream;
    if (of == null || !of.name.equals(name)) {
      return;
    }
    of.acked[index] = Math.max(of.acked[index], lsn);
    shard(index).acked(lsn);
    lookFlushed();
    boolean all = true;
    for (int i = 0; i < of.acked.length; i++) {
      all &= of.endLsn[i] >= 0 && of.acked[i] >= of.endLsn[i];
    }
    if (all && !of.caughtUp) {
      of.caughtUp = true;
      long hop = world.time.oneIn(4) ? 200 : 5;
      proc.later(
          world.time.random().nextInt((int) hop) * Net.MS,
          () -> proc.input(new RoleInput.CaughtUp(of.follower, of.admission)));
    }
  }

  /** Something to do, now and then. */
  private void work(long number) {
    if (!serving || number != served) {
      return;
    }
    int index = world.time.random().nextInt(proc.shards.size());
    if (world.fenced(term)) {
      proc.input(new RoleInput.FencedBy(world.fence()));
    } else if (shard(index).takes()) {
      long id = world.nextId();
      shard(index).append(id);
      Stream of = stream;
      if (of != null && of.endLsn[index] >= 0) {
        entry(of, index, shard(index).lastLsn(), id);
      }
    }
    proc.later((5 + world.time.random().nextInt(20)) * Net.MS, () -> work(number));
  }

  /** Whether outputs wait too long. */
  private void look(long number) {
    if (!serving || number != served) {
      return;
    }
    boolean stalled =
        proc.shards.stream().anyMatch(s -> s.waitedNanos() > PairWorld.SYNC_TIMEOUT_NANOS);
    if (stalled && stream != null && stream.conn != null) {
      proc.input(new RoleInput.AckStalled());
    }
    proc.later(LOOK_NANOS, () -> look(number));
  }

  boolean serving() {
    return serving;
  }
}
