package dev.gatesvr.gateway.world;

import static dev.gatesvr.gateway.world.World.must;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.session.PushVerdict;
import dev.gatesvr.session.Refusal;
import dev.gatesvr.session.Reply;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.SessionOutput;
import dev.gatesvr.session.SessionState;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A real session with as much edge as {@code PlayerSession} has. */
final class SimSession implements SessionOutput {
  final SimGateway gateway;
  final String openid;
  final long number;
  final Session core;
  final Ledger ledger = new Ledger();

  /** The device it was made for; a session never changes hands. */
  final SimDevice owner;

  private final Map<Long, ByteString> sentBytes = new HashMap<>();
  private long scheduledNanos = Session.NO_DEADLINE;
  private int admitted;
  private int finished;
  private boolean entered;

  /** The newest token whose owner was heard after it was given out; older ones are used up. */
  long confirmedToken;

  @Nullable SimConnection link;

  SimSession(SimGateway gateway, String openid, long number, Session core, SimDevice owner) {
    this.gateway = gateway;
    this.openid = openid;
    this.number = number;
    this.core = core;
    this.owner = owner;
  }

  // ---------------------------------------------------------------- effects of the core

  @Override
  public boolean transmit(ServerPush push) {
    SimConnection now = link;
    if (now == null || !now.transmit(push)) {
      return false;
    }
    if (push.getSeqId() != 0 && !isGap(push)) {
      ByteString before = sentBytes.put(push.getSeqId(), push.toByteString());
      must(
          before == null || before.equals(push.toByteString()),
          "same position, another message",
          push);
    }
    return true;
  }

  private static boolean isGap(ServerPush push) {
    return push.getType() == PushType.PUSH_GAP;
  }

  @Override
  public @Nullable Refusal admit() {
    if (gateway.world().chaos() && gateway.world().time().oneIn(15)) {
      return new Refusal(503, "overloaded", 20);
    }
    admitted++;
    return null;
  }

  @Override
  public void execute(ClientRequest frame, BusinessRequest request, long receivedNanos) {
    gateway.zone().run(this, frame.getSeqId(), request);
  }

  @Override
  public void finished() {
    finished++;
  }

  @Override
  public void refused(int code) {}

  @Override
  public boolean memoryFull() {
    return gateway.memoryFull();
  }

  @Override
  public void close(CloseCode code) {
    SimConnection old = link;
    link = null;
    if (old != null) {
      old.close(code);
    }
  }

  // ---------------------------------------------------------------- from the zone

  void onReply(long seq, Reply reply, String text) {
    enter(
        () -> {
          if (core.state() != SessionState.ENDED) {
            ledger.answered(seq, text);
          }
          core.onReply(seq, reply, now(), this);
        });
  }

  PushVerdict push(String text, Delivery delivery) {
    PushVerdict[] verdict = new PushVerdict[1];
    Ledger.Owed message = new Ledger.Owed(text, delivery);
    boolean immediate = delivery.hint() == NotifySyncHint.NSH_IMMEDIATELY;
    enter(
        () -> {
          if (immediate) {
            // Before the call: the message may leave inside it.
            ledger.accepted(message);
          }
          verdict[0] = core.onPush(Texts.push(text), delivery, now(), this);
          if (immediate && !verdict[0].accepted()) {
            ledger.refused();
          }
          if (verdict[0] == PushVerdict.BOUND) {
            boolean before = delivery.hint() == NotifySyncHint.NSH_BEFORE_RESPONSE;
            ledger.bind(delivery.boundSeq(), before, message);
          }
        });
    return verdict[0];
  }

  // ---------------------------------------------------------------- connections

  void kick(Kicked.Reason reason) {
    enter(() -> core.kick(reason, "", this));
    gateway.ended(this);
  }

  void stop() {
    enter(
        () -> {
          core.end(this);
          close(CloseCode.NORMAL);
        });
    gateway.ended(this);
  }

  void dropLink(CloseCode code) {
    SimConnection old = link;
    if (old != null) {
      link = null;
      core.detach(now());
      old.close(code);
    }
  }

  void lost(SimConnection connection) {
    if (link == connection) {
      link = null;
      enter(() -> core.detach(now()));
    }
  }

  /** Runs one call of the core, checks what must hold after it, and arms the timer. */
  void enter(Runnable call) {
    must(!entered, "entered twice", this);
    entered = true;
    call.run();
    entered = false;
    check();
    reschedule();
  }

  private void check() {
    World.Bounds bounds = gateway.world().bounds();
    must(core.ackedSeq() <= core.sentSeq() && core.sentSeq() <= core.lastSeq(), "cursors", this);
    if (core.state() != SessionState.ENDED) {
      must(core.lastSeq() == ledger.size(), "an accepted message without a place", this);
      must(core.queuedMessages() <= bounds.messagesMax(), "too many messages", this);
      must(core.queuedBytes() <= bounds.bytesMax() + World.ANSWER_BYTES_MAX, "bytes", this);
      must(core.outstandingRequests() <= bounds.outstandingMax(), "outstanding", this);
      must(admitted - finished == core.outstandingRequests(), "permits", this);
      must(core.ackedSeq() <= owner.handledIn(this), "trimmed above what was handled", this);
    }
    must(link == null || core.state() == SessionState.ATTACHED, "a link while detached", this);
  }

  private void reschedule() {
    long deadline = core.nextDeadlineNanos();
    if (deadline != Session.NO_DEADLINE && deadline < scheduledNanos) {
      scheduledNanos = deadline;
      gateway.world().time().at(deadline, () -> onDue(deadline));
    }
  }

  private void onDue(long scheduled) {
    if (scheduled != scheduledNanos) {
      return;
    }
    scheduledNanos = Session.NO_DEADLINE;
    if (core.state() == SessionState.ENDED) {
      return;
    }
    enter(() -> core.onDeadline(now(), this));
    if (core.state() == SessionState.ENDED) {
      gateway.ended(this);
    }
  }

  private long now() {
    return gateway.world().time().nowNanos();
  }

  @Override
  public String toString() {
    return "session "
        + number
        + " of "
        + openid
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
