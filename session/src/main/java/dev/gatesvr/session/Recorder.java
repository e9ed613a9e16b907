package dev.gatesvr.session;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.KeptMessage;
import dev.gatesvr.proto.MessageDropped;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.RequestAnswered;
import dev.gatesvr.proto.RequestBoundPush;
import dev.gatesvr.proto.RequestDispatched;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.SessionAttached;
import dev.gatesvr.proto.SessionAttribute;
import dev.gatesvr.proto.SessionEntry;
import dev.gatesvr.proto.SessionOp;

/**
 * Writes down what one input did to one session, in order, for the standby; {@link SessionReplica}
 * repeats it there. Whoever feeds the session takes the entry after each input, so that an input
 * reaches the standby whole or not at all.
 *
 * <p>One for all sessions of a shard, whose inputs never overlap. Not thread-safe. Costs nothing
 * while it does not record.
 */
public final class Recorder {
  private long droppedForCapacity;
  private long droppedForAge;
  private boolean recording;
  private boolean holding;
  private SessionEntry.Builder entry = SessionEntry.newBuilder();

  /** Whether somebody takes what is written. What was written and not taken is dropped. */
  public void recording(boolean on) {
    recording = on;
    entry.clear();
  }

  public boolean recording() {
    return recording;
  }

  /**
   * Whether what sessions number from now on waits for {@link Session#onReplicated} before it is
   * sent.
   */
  public void holding(boolean on) {
    holding = on;
  }

  public boolean holding() {
    return holding;
  }

  /** Messages that gave way to newer ones, over all sessions so far. */
  public long droppedForCapacity() {
    return droppedForCapacity;
  }

  /** Messages that grew too old, over all sessions so far. */
  public long droppedForAge() {
    return droppedForAge;
  }

  /** True when nothing was written since the last {@link #take}. */
  public boolean isEmpty() {
    return entry.getOpsCount() == 0;
  }

  /**
   * What was written since the last call.
   *
   * @param session the session's number
   */
  public SessionEntry take(long session) {
    SessionEntry taken = entry.setSession(session).build();
    entry = SessionEntry.newBuilder();
    return taken;
  }

  private SessionOp.Builder op() {
    return entry.addOpsBuilder();
  }

  void attached(long token, int level, long ackedSeq) {
    if (recording) {
      op().setAttached(
              SessionAttached.newBuilder()
                  .setToken(token)
                  .setProtocolLevel(level)
                  .setAckedSeq(ackedSeq));
    }
  }

  void tokenConfirmed() {
    if (recording) {
      op().setTokenConfirmed(true);
    }
  }

  void accepted(ClientRequest frame) {
    if (recording) {
      op().setAccepted(frame);
    }
  }

  void refusedThrough(long clientSeq) {
    if (recording) {
      op().setRefusedThrough(clientSeq);
    }
  }

  void dispatched(long clientSeq, long incarnation) {
    if (recording) {
      op().setDispatched(
              RequestDispatched.newBuilder().setClientSeq(clientSeq).setIncarnation(incarnation));
    }
  }

  void bound(PendingRequest request, PendingRequest.BoundPush push) {
    if (recording) {
      op().setBound(bound(request.clientSeq(), push));
    }
  }

  /** A bound push as the standby keeps it. */
  static RequestBoundPush bound(long clientSeq, PendingRequest.BoundPush push) {
    Delivery delivery = push.delivery();
    return RequestBoundPush.newBuilder()
        .setClientSeq(clientSeq)
        .setHint(delivery.hint())
        .setPolicy(delivery.policy())
        .setKey(delivery.key())
        .setMessage(push.message())
        .build();
  }

  /** Back from {@link #bound(long, PendingRequest.BoundPush)}. */
  static PendingRequest.BoundPush bound(RequestBoundPush push) {
    return new PendingRequest.BoundPush(
        push.getMessage().toBuilder(),
        new Delivery(push.getHint(), push.getClientSeq(), push.getPolicy(), push.getKey()));
  }

  void appended(ServerPush message, Delivery delivery) {
    if (recording) {
      op().setAppended(
              KeptMessage.newBuilder()
                  .setMessage(message)
                  .setPolicy(delivery.policy())
                  .setKey(delivery.key()));
    }
  }

  /** Back from {@link #appended}. */
  static Delivery delivery(KeptMessage message) {
    return new Delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, message.getPolicy(), message.getKey());
  }

  void answered(long clientSeq, ServerPush answer) {
    if (recording) {
      op().setAnswered(RequestAnswered.newBuilder().setClientSeq(clientSeq).setAnswer(answer));
    }
  }

  void acked(long seq) {
    if (recording) {
      op().setAcked(seq);
    }
  }

  void dropped(long seq, Gap.Reason reason) {
    if (reason == Gap.Reason.AGE) {
      droppedForAge++;
    } else {
      droppedForCapacity++;
    }
    if (recording) {
      op().setDropped(MessageDropped.newBuilder().setSeq(seq).setReason(reason));
    }
  }

  void ended() {
    if (recording) {
      op().setEnded(true);
    }
  }

  /** A fact about the session that is kept beside it. */
  public void attributeSet(SessionAttribute attribute) {
    if (recording) {
      op().setAttributeSet(attribute);
    }
  }

  /** The same, taken away. */
  public void attributeRemoved(String name) {
    if (recording) {
      op().setAttributeRemoved(name);
    }
  }

  /** Everything of a session, in the place of what was written in this input before. */
  public void whole(dev.gatesvr.proto.SessionState state) {
    if (recording) {
      entry.clear();
      op().setWhole(state);
    }
  }
}
