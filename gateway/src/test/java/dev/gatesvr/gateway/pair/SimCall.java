package dev.gatesvr.gateway.pair;

import com.google.protobuf.ByteString;
import dev.gatesvr.session.Reply;
import dev.gatesvr.session.SessionState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to an upstream: as much as {@code UpstreamCall}, {@code UpstreamCaller}
 * and {@code Repeater} do.
 */
final class SimCall {
  private static final long MILLI = 1_000_000;
  private static final long DEADLINE_NANOS = 3_000 * MILLI;
  private static final int MOVES_MAX = 3;

  private final SimSeat seat;
  private final SimShard shard;
  private final long seq;
  private final String name;
  private long term;
  private long settledSeq;
  private long attempted;
  private long deadlineNanos;
  private int moves;
  private boolean over;

  SimCall(SimSeat seat, long seq, String name) {
    this.seat = seat;
    this.shard = seat.shard();
    this.seq = seq;
    this.name = name;
  }

  private PairWorld world() {
    return shard.world();
  }

  private SimNode node() {
    return shard.node();
  }

  /** Inside an input of the session. */
  void start() {
    Long before = seat.core().attempted(seq);
    attempted = before == null ? 0 : before;
    term = node().term();
    if (shard.replica().settledIsKnown()) {
      settledSeq = seat.core().settledClientSeq();
    }
    if (node().fence().ready()) {
      send(true);
    } else {
      shard.whenReady(this::sendNow, this::takenOver);
    }
  }

  private void sendNow() {
    if (seat.core().state() == SessionState.ENDED) {
      fail(true);
    } else {
      send(false);
      seat.settled();
    }
  }

  private void send(boolean insideInput) {
    SimUpstream chosen = attempted == 0 ? pick(null) : null;
    if (attempted == 0 && chosen == null) {
      if (insideInput) {
        shard.loop().execute(() -> fail(false));
      } else {
        fail(false);
      }
      return;
    }
    long incarnation = chosen == null ? 0 : chosen.incarnation;
    if (chosen != null) {
      seat.core().dispatched(seq, incarnation);
    }
    shard
        .replica()
        .leaveAfterInput(
            () -> {
              node().mayLeave(shard.replica().holdsOutputs());
              deadlineNanos = node().nanos() + DEADLINE_NANOS;
              node().process().at(deadlineNanos, () -> fail(true));
              if (chosen == null) {
                search();
              } else {
                go(chosen, incarnation);
              }
            },
            this::takenOver);
  }

  private @Nullable SimUpstream pick(@Nullable SimUpstream not) {
    List<SimUpstream> all = world().upstreams();
    for (int i = 0; i < all.size(); i++) {
      SimUpstream one = all.get((seat.player() + i) % all.size());
      if (!one.equals(not) && node().fence().open(one)) {
        return one;
      }
    }
    return null;
  }

  private void go(SimUpstream to, long incarnation) {
    if (over) {
      return;
    }
    if (to.incarnation != incarnation || to.process.dead()) {
      move(to);
    } else {
      call(to, incarnation);
    }
  }

  /** It goes to another process than the standby was told of. */
  private void move(SimUpstream from) {
    SimUpstream other = pick(from);
    moves++;
    if (other == null || moves > MOVES_MAX || seat.core().state() == SessionState.ENDED) {
      fail(false);
      return;
    }
    long incarnation = other.incarnation;
    seat.core().dispatched(seq, incarnation);
    seat.settled();
    shard.replica().leaveAfterCommit(() -> go(other, incarnation), () -> {});
  }

  private void call(SimUpstream to, long incarnation) {
    world().say(node().incarnation() + " calls " + incarnation + " for " + name + ", " + attempted);
    SimUpstream.Arrival arrival =
        new SimUpstream.Arrival(
            Long.parseLong(seat.sessionId()),
            seat.player(),
            seq,
            settledSeq,
            attempted,
            term,
            name);
    world()
        .net()
        .call(
            node().process(),
            to.process,
            reply -> to.request(arrival, answer -> reply.answer(() -> answered(answer))),
            broken -> broke(to, incarnation, broken));
  }

  private void broke(SimUpstream to, long incarnation, SimNet.Broken broken) {
    if (over) {
      return;
    }
    if (broken == SimNet.Broken.NOT_SENT && attempted == 0) {
      move(to);
      return;
    }
    if (attempted == 0) {
      attempted = incarnation;
    }
    world().count("repeated");
    node().process().after(20 * MILLI, this::search);
  }

  /** The process that got the first copy; another one when that is gone. */
  private void search() {
    if (over) {
      return;
    }
    for (SimUpstream one : world().upstreams()) {
      if (one.incarnation == attempted && node().fence().open(one) && !one.process.dead()) {
        call(one, one.incarnation);
        return;
      }
    }
    boolean gone = world().upstreams().stream().noneMatch(one -> one.incarnation == attempted);
    SimUpstream other = gone ? pick(null) : null;
    if (other == null) {
      node().process().after(20 * MILLI, this::search);
    } else {
      call(other, other.incarnation);
    }
  }

  private void answered(SimUpstream.Answer answer) {
    if (over) {
      return;
    }
    switch (answer) {
      case SimUpstream.Answer.Done done -> {
        end();
        seat.onReply(seq, new Reply.Answer(200, done.text(), ByteString.EMPTY, Map.of()));
      }
      case SimUpstream.Answer.Unknown unknown -> fail(true);
      case SimUpstream.Answer.Fenced fenced -> {
        node().fencedBy(fenced.byTerm());
        fail(true);
      }
    }
  }

  private void takenOver() {
    shard.loop().execute(() -> fail(true));
  }

  private void fail(boolean mayHaveRun) {
    if (!over) {
      world().say(node().incarnation() + " fails " + name + ", may have run: " + mayHaveRun);
      end();
      seat.onReply(
          seq, new Reply.Failure(mayHaveRun ? 504 : 503, "failed " + name, "", mayHaveRun));
    }
  }

  private void end() {
    over = true;
    shard.fleet().called(-1);
  }
}
