package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.log.LogLimits;
import dev.gatesvr.gateway.replica.ShardReplica;
import dev.gatesvr.gateway.replica.StandbySession;
import dev.gatesvr.gateway.shard.Answers;
import dev.gatesvr.proto.LogEntry;
import dev.gatesvr.proto.SessionEntry;
import dev.gatesvr.proto.SessionOp;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.SessionState;
import dev.gatesvr.session.StartDecision;
import dev.gatesvr.session.StartRules;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One shard with its real log: as much edge as {@code SessionShard} has. */
// What is absent here has failed the run before.
@SuppressWarnings("NullAway")
final class SimShard {
  static final int LOG_ENTRIES = 400;
  static final long LOG_BYTES = 100_000;
  private static final int DIGEST_EVERY = 7;

  private record Waiting(Runnable task, Runnable abandon) {}

  private final PairWorld world;
  private final SimNode node;
  private final SimFleet fleet;
  private final SimProcess.Loop loop;
  private final ShardReplica replica;
  private final List<Waiting> zoneWaits = new ArrayList<>();

  SimShard(PairWorld world, SimNode node, SimFleet fleet, int index) {
    this.world = world;
    this.node = node;
    this.fleet = fleet;
    this.loop = node.process().new Loop(world.hopNanosMax());
    this.replica =
        new ShardReplica(
            index,
            world.mode(),
            new LogLimits(40_000, LOG_ENTRIES, LOG_BYTES, 8, 4_000, 20_000),
            DIGEST_EVERY,
            node::nanos);
    replica.flushWith(() -> loop.execute(replica::flush));
  }

  SimProcess.Loop loop() {
    return loop;
  }

  ShardReplica replica() {
    return replica;
  }

  SimNode node() {
    return node;
  }

  PairWorld world() {
    return world;
  }

  SimFleet fleet() {
    return fleet;
  }

  // ---------------------------------------------------------------- starts

  void start(SimDoor.Visitor visitor, StartRequest start) {
    SimPlayer.Claim claim = SimPlayer.Claim.open(start.getResumeToken());
    int player = Integer.parseInt(start.getOpenid());
    SimSeat existing =
        claim == null ? fleet.ofPlayer(player) : fleet.ofSessionId(claim.sessionId());
    world.say(node.incarnation() + " START of " + player + ", " + claim + ", " + existing);
    switch (decide(existing, claim, player, start)) {
      case StartDecision.Resume resume when existing != null -> {
        world.count("resumed");
        existing.attach(visitor, resume, 1);
      }
      case StartDecision.Resume resume -> throw new AssertionError(resume);
      case StartDecision.Fresh fresh -> {
        if (existing != null) {
          existing.kick();
        }
        create(player).attach(visitor, fresh, 1);
      }
      case StartDecision.Refuse refuse -> visitor.refused();
      case StartDecision.Replaced replaced -> {
        world.count("came back too late");
        visitor.send(Answers.replaced());
        visitor.close();
      }
    }
  }

  private StartDecision decide(
      @Nullable SimSeat existing, SimPlayer.@Nullable Claim claim, int player, StartRequest start) {
    Session session = existing == null ? null : existing.core();
    if (claim == null) {
      return StartRules.login(session, start);
    }
    boolean itsOwn =
        existing != null && existing.player() == player && existing.number() == claim.number();
    SimSeat newest = fleet.ofPlayer(player);
    boolean newerLogin = newest != null && newest.number() > claim.number();
    return StartRules.resume(itsOwn ? session : null, claim.attach(), newerLogin, start);
  }

  private SimSeat create(int player) {
    Session core = new Session(world.nextId(), SimFleet.LIMITS, replica.recorder(), node.nanos());
    SimSeat seat = new SimSeat(this, fleet.nextNumber(), "" + world.nextId(), player, core);
    fleet.claim(seat);
    seat.introduce();
    return seat;
  }

  // ---------------------------------------------------------------- the pair

  Iterator<LogEntry> snapshot() {
    Iterator<SimSeat> seats =
        fleet.seats().stream().filter(seat -> seat.shard() == this).toList().iterator();
    return new Iterator<>() {
      private @Nullable SimSeat next;

      @Override
      public boolean hasNext() {
        while (next == null || next.core().state() == SessionState.ENDED) {
          if (!seats.hasNext()) {
            return false;
          }
          next = seats.next();
        }
        return true;
      }

      @Override
      public LogEntry next() {
        SimSeat seat = hasNext() ? next : null;
        next = null;
        return LogEntry.newBuilder()
            .setSession(
                SessionEntry.newBuilder()
                    .setSession(seat.number())
                    .addOps(SessionOp.newBuilder().setWhole(seat.capture())))
            .build();
      }
    };
  }

  void adopt(List<StandbySession> standbys, boolean sameHistory) {
    for (StandbySession standby : standbys) {
      Session session = standby.session();
      session.takeOver(
          replica.recorder(), sameHistory ? session.epoch() : world.nextId(), node.nanos());
      SimSeat seat =
          new SimSeat(
              this,
              standby.number(),
              standby.sessionId(),
              Integer.parseInt(standby.openid()),
              session);
      fleet.claim(seat);
      seat.introduce();
      seat.resumeRequests();
    }
  }

  void depose() {
    replica.depose();
    List<Waiting> abandoned = List.copyOf(zoneWaits);
    zoneWaits.clear();
    abandoned.forEach(one -> one.abandon.run());
    for (SimSeat seat : List.copyOf(fleet.seats())) {
      if (seat.shard() == this) {
        seat.moveAway();
      }
    }
  }

  void whenReady(Runnable task, Runnable abandon) {
    zoneWaits.add(new Waiting(task, abandon));
  }

  void zoneReady() {
    List<Waiting> ready = List.copyOf(zoneWaits);
    zoneWaits.clear();
    ready.forEach(one -> one.task.run());
  }
}
