package dev.gatesvr.gateway.pair;

import dev.gatesvr.gateway.replica.ShardReplica;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.SessionState;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.session.PushVerdict;
import dev.gatesvr.session.Refusal;
import dev.gatesvr.session.Reply;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.SessionOutput;
import dev.gatesvr.session.SessionReplica;
import dev.gatesvr.session.StartDecision;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A real session with its real replication: as much edge as {@code PlayerSession} has. */
final class SimSeat implements SessionOutput {
  private static final Delivery DROPPABLE =
      new Delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, PushPolicy.POLICY_DROPPABLE, "");
  private static final Refusal BEHIND = new Refusal(503, "the standby is behind", 50);

  private final SimShard shard;
  private final long number;
  private final String sessionId;
  private final int player;
  private final Session core;
  private SimDoor.@Nullable Visitor link;
  private boolean starting;
  private long releasing;

  SimSeat(SimShard shard, long number, String sessionId, int player, Session core) {
    this.shard = shard;
    this.number = number;
    this.sessionId = sessionId;
    this.player = player;
    this.core = core;
  }

  SimShard shard() {
    return shard;
  }

  long number() {
    return number;
  }

  String sessionId() {
    return sessionId;
  }

  int player() {
    return player;
  }

  Session core() {
    return core;
  }

  boolean isAttached() {
    return link != null;
  }

  private ShardReplica replica() {
    return shard.replica();
  }

  private long now() {
    return shard.node().nanos();
  }

  // ---------------------------------------------------------------- the standby

  SessionState capture() {
    return SessionReplica.capture(core, now())
        .setNumber(number)
        .setSessionId(sessionId)
        .setOpenid("" + player)
        .build();
  }

  void introduce() {
    if (replica().recorder().recording()) {
      replica().recorder().whole(capture());
    }
    commit();
  }

  void resumeRequests() {
    core.resumeRequests(now(), this);
    settled();
  }

  void settled() {
    commit();
  }

  private void commit() {
    replica().commit(number, () -> SessionReplica.digest(core));
    long newest = core.lastSeq();
    if (replica().holdsOutputs() && newest > releasing) {
      releasing = newest;
      replica().leaveAfterCommit(() -> release(newest), () -> {});
    }
  }

  private void release(long seq) {
    if (core.state() != dev.gatesvr.session.SessionState.ENDED) {
      core.onReplicated(seq, now(), this);
      settled();
    }
  }

  // ---------------------------------------------------------------- connections

  void attach(SimDoor.Visitor newLink, StartDecision.Attach decision, int level) {
    dropLink();
    link = newLink;
    starting = true;
    boolean resumed = decision instanceof StartDecision.Resume;
    switch (decision) {
      case StartDecision.Resume resume ->
          core.attach(resume.lastAckedSeq(), resume.token(), level, now());
      case StartDecision.Fresh fresh -> core.attach(core.ackedSeq(), 0, level, now());
    }
    SimDoor.Started answer =
        new SimDoor.Started(
            resumed,
            core.epoch(),
            core.nextClientSeq(),
            new SimPlayer.Claim(sessionId, player, number, core.issuedToken()).seal());
    settled();
    replica()
        .leaveAfterCommit(
            () -> {
              shard.node().mayLeave(replica().holdsOutputs());
              newLink.attached(this);
              started(newLink, answer);
            },
            newLink::close);
  }

  private void started(SimDoor.Visitor to, SimDoor.Started answer) {
    if (to.equals(link)) {
      to.send(answer);
      starting = false;
      core.onWritable(now(), this);
      settled();
    }
  }

  void onClosed(SimDoor.Visitor closed) {
    if (closed.equals(link)) {
      link = null;
      if (core.state() == dev.gatesvr.session.SessionState.ATTACHED) {
        core.detach(now());
        settled();
      }
    }
  }

  private void dropLink() {
    SimDoor.Visitor old = link;
    link = null;
    if (old != null) {
      core.detach(now());
      old.close();
    }
  }

  void kick() {
    SimDoor.Visitor old = link;
    LastWords words = new LastWords();
    core.kick(Kicked.Reason.REPLACED, "", words);
    link = null;
    commit();
    Runnable say =
        () -> {
          if (old != null) {
            words.said.forEach(old::send);
            old.close();
          }
        };
    replica().leaveAfterCommit(say, say);
    shard.fleet().remove(this);
  }

  void moveAway() {
    dropLink();
    core.end(this);
    shard.fleet().remove(this);
  }

  /** As the production class of this name. */
  private static final class LastWords implements SessionOutput {
    private final java.util.List<ServerPush> said = new java.util.ArrayList<>();

    @Override
    public boolean transmit(ServerPush push) {
      return said.add(push);
    }

    @Override
    public @Nullable Refusal admit() {
      return null;
    }

    @Override
    public void execute(ClientRequest frame, BusinessRequest request, long receivedNanos) {}

    @Override
    public void finished() {}

    @Override
    public void refused(int code) {}

    @Override
    public boolean memoryFull() {
      return false;
    }

    @Override
    public void close(CloseCode code) {}
  }

  // ---------------------------------------------------------------- from the client

  void onHeard(SimDoor.Visitor from) {
    if (from.equals(link) && shard.node().lets()) {
      core.onHeard(now());
      settled();
    }
  }

  void onFrame(SimDoor.Visitor from, Object message) {
    if (!from.equals(link)) {
      return;
    }
    if (!shard.node().lets()) {
      if (shard.node().frozen() && message instanceof ClientRequest request) {
        core.onRequest(request, now(), this);
        settled();
      }
      return;
    }
    core.onHeard(now());
    if (message instanceof Long acked) {
      core.onAck(acked, now(), this);
    } else {
      core.onRequest((ClientRequest) message, now(), this);
    }
    settled();
  }

  // ---------------------------------------------------------------- from the upstream

  void push(SimBooks.Push push, Consumer<SimNode.PushResult> told) {
    if (replica().full()) {
      told.accept(SimNode.PushResult.REFUSED);
      return;
    }
    long before = core.lastSeq();
    PushVerdict verdict =
        core.onPush(
            Session.push(com.google.protobuf.ByteString.copyFromUtf8(push.text)),
            push.droppable ? DROPPABLE : Delivery.RELIABLE,
            now(),
            this);
    if (verdict.accepted()) {
      shard.world().books().numbered(push.text, new SimBooks.Place(core.epoch(), before + 1));
    }
    shard.world().say(shard.node().incarnation() + " takes " + push.text + ": " + verdict);
    settled();
    if (!verdict.accepted()) {
      told.accept(SimNode.PushResult.REFUSED);
      return;
    }
    replica()
        .acknowledge(
            () -> {
              shard.node().mayLeave(replica().holdsOutputs());
              told.accept(SimNode.PushResult.ACCEPTED);
            },
            () -> told.accept(SimNode.PushResult.UNKNOWN));
  }

  void onReply(long seq, Reply reply) {
    core.onReply(seq, reply, now(), this);
    settled();
  }

  // ---------------------------------------------------------------- effects of the core

  @Override
  public boolean transmit(ServerPush push) {
    SimDoor.Visitor to = link;
    if (to == null || starting) {
      return false;
    }
    if (push.getSeqId() != 0 && push.getType() != PushType.PUSH_GAP) {
      shard.node().mayLeave(replica().holdsOutputs());
      shard
          .world()
          .books()
          .leaves(new SimBooks.Place(core.epoch(), push.getSeqId()), push.getPayload());
    }
    to.send(push);
    return true;
  }

  @Override
  public @Nullable Refusal admit() {
    return replica().full() || shard.node().frozen() ? BEHIND : null;
  }

  @Override
  public void execute(ClientRequest frame, BusinessRequest request, long receivedNanos) {
    shard.fleet().called(1);
    new SimCall(this, frame.getSeqId(), request.getAction()).start();
  }

  @Override
  public void finished() {}

  @Override
  public void refused(int code) {}

  @Override
  public boolean memoryFull() {
    return false;
  }

  @Override
  public void close(CloseCode code) {
    SimDoor.Visitor old = link;
    link = null;
    SimBooks.must(
        code != CloseCode.ACK_INVALID, "9: an acknowledgement of what was never sent", this);
    if (old != null) {
      old.close();
    }
  }

  @Override
  public String toString() {
    return "session "
        + number
        + " of "
        + player
        + " at "
        + shard.node().incarnation()
        + ", "
        + core.state()
        + ", acked "
        + core.ackedSeq()
        + ", sent "
        + core.sentSeq()
        + ", last "
        + core.lastSeq();
  }
}
